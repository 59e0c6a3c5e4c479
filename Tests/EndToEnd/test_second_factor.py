"""The second factor: a code of an app, taken once; recovery codes; and the calls that ask for a fresh proof."""

import base64
import hashlib
import hmac
import struct
import threading
import time

import pytest

from conftest import ROOMY

A = "/api/v1/auth/"


def totp(secret, steps=0):
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + steps), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


@pytest.fixture
def person(api, new_account):
    account = new_account(**ROOMY)
    account.token = api.log_in(account.email).json["access_token"]
    return account


@pytest.fixture
def enrolled(api, person):
    begun = api.post(A + "mfa/totp", key=person.token)
    assert begun.status == 201 and begun["otpauth_uri"].startswith("otpauth://totp/") and "<svg" in begun["qr_code_svg"]
    person.secret = begun["secret"]
    confirmed = api.post(A + "mfa/totp/confirm", {"code": totp(person.secret, -1)}, key=person.token)
    assert confirmed.status == 200 and len(set(confirmed["recovery_codes"])) == 10
    person.recovery = confirmed["recovery_codes"]
    return person


def test_a_wrong_code_confirms_nothing(api, person):
    assert api.post(A + "mfa/totp/confirm", {"code": "123456"}, key=person.token).status == 409
    secret = api.post(A + "mfa/totp", key=person.token)["secret"]
    wrong = "000000" if totp(secret) != "000000" else "000001"
    assert api.post(A + "mfa/totp/confirm", {"code": wrong}, key=person.token).code == "second_factor_wrong"
    assert api.get(A + "mfa", key=person.token)["enabled"] is False
    assert api.log_in(person.email).status == 200


def test_a_login_asks_for_a_code_after_the_right_password_alone(api, enrolled):
    assert api.log_in(enrolled.email, "Wrong-password-1").code == "wrong_credentials"
    assert api.log_in(enrolled.email).code == "second_factor_required"
    code = totp(enrolled.secret)
    assert api.log_in(enrolled.email, code=code).status == 200
    assert api.log_in(enrolled.email, code=code).code == "second_factor_wrong"
    # The code that confirmed it, and any before, are used up too.
    assert api.log_in(enrolled.email, code=totp(enrolled.secret, -1)).code == "second_factor_wrong"
    assert api.get(A + "mfa", key=enrolled.token)["recovery_codes_left"] == 10


def test_twenty_logins_with_one_code_are_one(api_from, enrolled):
    code, statuses = totp(enrolled.secret), []

    def work(number):
        statuses.append(api_from(f"127.0.1.{number}").log_in(enrolled.email, code=code).status)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(1, 21)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(200) == 1, statuses


def test_a_recovery_code_opens_once(api, enrolled):
    code = enrolled.recovery[3].lower()
    assert api.log_in(enrolled.email, code=code).status == 200
    assert api.log_in(enrolled.email, code=code).code == "second_factor_wrong"
    new = api.post(A + "mfa/recovery-codes", key=enrolled.token)
    assert new.status == 201 and not set(new["recovery_codes"]) & set(enrolled.recovery)
    assert api.log_in(enrolled.email, code=enrolled.recovery[4]).code == "second_factor_wrong"


def test_guesses_at_codes_are_counted(api, enrolled):
    statuses = [api.log_in(enrolled.email, code=f"{number:06d}").status for number in range(6)]
    assert statuses == [401] * 5 + [429]


def test_an_api_key_cannot_touch_it(api, person, enrolled):
    for answer in (api.post(A + "mfa/totp", key=enrolled.key), api.delete(A + "mfa/totp", key=enrolled.key),
                   api.post(A + "mfa/recovery-codes", key=enrolled.key),
                   api.post(A + "mfa/totp/confirm", {"code": "1"}, key=enrolled.key),
                   api.get(A + "profile/export", key=enrolled.key),
                   # and, of an account with a second factor, makes no keys
                   api.post(A + "keys", {"name": "x"}, key=enrolled.key)):
        assert answer.status == 401 and answer.code == "step_up_required"
        assert 'error="insufficient_user_authentication"' in answer.headers["www-authenticate"]
    assert api.post(A + "step-up", {"code": totp(enrolled.secret)}, key=enrolled.key).code == "no_session"


def test_it_is_taken_away_with_a_fresh_proof(api, stack, enrolled):
    assert api.delete(A + "mfa/totp", key=enrolled.token).status == 204
    assert api.log_in(enrolled.email).status == 200
    assert api.delete(A + "mfa/totp", key=api.log_in(enrolled.email)["access_token"]).status == 409
    assert api.post(A + "mfa/recovery-codes", key=enrolled.token).status == 409
    actions = [row[0] for row in stack.sql("SELECT action FROM audit_events WHERE subject = %s ORDER BY id", enrolled.id)]
    assert "second_factor.enabled" in actions and "second_factor.disabled" in actions


def test_a_second_one_is_refused(api, enrolled):
    assert api.post(A + "mfa/totp", key=enrolled.token).code == "second_factor_present"


def test_the_secret_lies_sealed(stack, enrolled):
    sealed = bytes(stack.value("SELECT sealed_secret FROM second_factors WHERE user_id = %s", enrolled.id))
    assert base64.b32decode(enrolled.secret) not in sealed and sealed[0] == 1


def test_what_is_dangerous_asks_for_a_fresh_proof(api, side_worker, person, enrolled):
    """A session that is older than the window is refused until its owner has proven the password, or the code."""
    worker = side_worker(REAUTHENTICATION_SECONDS="1")
    time.sleep(1.2)
    refused = worker("POST", A + "keys", {"name": "a"}, key=enrolled.token)
    assert refused.status == 401 and refused.code == "step_up_required"
    assert 'max_age="1"' in refused.headers["www-authenticate"]
    assert worker("POST", A + "step-up", {"password": enrolled.password}, key=enrolled.token).status == 422
    assert worker("POST", A + "step-up", {"code": totp(enrolled.secret)}, key=enrolled.token).status == 200
    assert worker("POST", A + "keys", {"name": "a"}, key=enrolled.token).status == 201
    # What only reads asks for none.
    assert worker("GET", A + "keys", key=enrolled.token).status == 200


def test_without_a_second_factor_the_password_is_the_proof(api, side_worker, new_account):
    account = new_account(**ROOMY)
    token = api.log_in(account.email).json["access_token"]
    worker = side_worker(REAUTHENTICATION_SECONDS="1")
    time.sleep(1.2)
    assert worker("POST", A + "mfa/totp", key=token).code == "step_up_required"
    assert worker("POST", A + "step-up", {"password": "Wrong-password-1"}, key=token).code == "wrong_credentials"
    assert worker("POST", A + "step-up", {"password": account.password}, key=token).status == 200
    assert worker("POST", A + "mfa/totp", key=token).status == 201
