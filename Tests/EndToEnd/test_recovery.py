"""Recovery by letter: every code once, no oracle for strangers, and sessions that end with the secret they came by."""

import email
import email.policy
import pathlib
import re
import statistics
import threading
import time

import pytest

from conftest import ROOMY, new_email

A = "/api/v1/auth/"
NEW = "Another-cat-and-9-lives"


@pytest.fixture
def letters(stack):
    """Letters to an address, newest last, as soon as there are so many with a word in the subject."""
    def wait(to, word, count=1, seconds=10):
        deadline = time.time() + seconds
        while True:
            found = []
            for file in sorted(pathlib.Path(stack["MAIL_DIRECTORY"]).glob("*.eml"), key=lambda file: file.stat().st_mtime_ns):
                message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
                if str(message["To"]) == to and word in str(message["Subject"]):
                    found.append(message)
            if len(found) >= count:
                return found
            assert time.time() < deadline, f"{len(found)} letters about {word!r}"
            time.sleep(0.1)
    return wait


def code(message):
    return re.search(r"#token=([\w-]+)", message.get_body(("plain",)).get_content())[1]


def verify(api, token):
    return api.post(A + "email/verify", {"token": token})


def reset(api, token, password=NEW):
    return api.post(A + "password/reset", {"token": token, "new_password": password})


def forgotten(api, letters, account, count=1):
    assert api.post(A + "password/forgot", {"email": account.email}).status == 202
    return code(letters(account.email, "Choose a new password", count)[-1])


def test_an_address_is_verified_once_by_the_latest_letter(api, letters, account):
    first = code(letters(account.email, "Confirm")[0])
    assert api.post(A + "email/resend", {"email": account.email}).status == 202
    second = code(letters(account.email, "Confirm", 2)[-1])
    assert verify(api, first).code == "invalid_code"
    assert verify(api, second)["email"] == account.email
    assert verify(api, second).code == "invalid_code"
    assert api.profile(account.key)["email_verified"] is True


def test_a_reset_ends_sessions_and_leaves_keys(api, stack, letters, new_account):
    account = new_account(**ROOMY)
    pair = api.log_in(account.email).json
    token = forgotten(api, letters, account)
    assert reset(api, token, "short").status == 422
    assert reset(api, token, account.email).status == 422
    assert reset(api, token).status == 200
    assert reset(api, token).code == "invalid_code"
    assert api.profile(pair["access_token"]).status == 401
    assert api.post(A + "refresh", {"refresh_token": pair["refresh_token"]}).status == 401
    assert api.log_in(account.email).code == "wrong_credentials" and api.log_in(account.email, NEW).status == 200
    assert api.profile(account.key).status == 200 and api.profile(account.key)["email_verified"] is True
    letters(account.email, "password was changed")


def test_twenty_resets_with_one_code_are_one(api, letters, new_account):
    account = new_account(**ROOMY)
    token, answers = forgotten(api, letters, account), {}

    def work(number):
        answers[number] = reset(api, token, f"{NEW}-{number}").status

    threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [number for number, status in answers.items() if status == 200]
    assert len(winners) == 1 and set(answers.values()) == {200, 400}, answers
    assert api.log_in(account.email, f"{NEW}-{winners[0]}").status == 200


def test_a_code_that_is_too_old_opens_nothing(api, stack, letters, new_account):
    account = new_account(**ROOMY)
    token = forgotten(api, letters, account)
    stack.sql("UPDATE letter_codes SET expires_at = now() WHERE user_id = %s", account.id)
    assert reset(api, token).code == "invalid_code"


@pytest.mark.parametrize("path", ["password/forgot", "email/resend"])
def test_a_stranger_learns_nothing(api, stack, account, path):
    """The same words and the same time, whether an address has an account or not."""
    times, bodies = {True: [], False: []}, set()
    for number in range(100):
        for known in (True, False):
            began = time.perf_counter()
            answer = api.post(A + path, {"email": account.email if known else new_email("nobody")})
            times[known].append(time.perf_counter() - began)
            bodies.add((answer.status, answer.body))
    assert len(bodies) == 1
    known, unknown = (statistics.median(times[which]) for which in (True, False))
    print(f"{path}: known {known * 1000:.2f} ms, unknown {unknown * 1000:.2f} ms")
    assert abs(known - unknown) < 0.3 * max(known, unknown)
    assert stack.value("SELECT count(*) FROM letter_codes WHERE email LIKE 'nobody-%%'") == 0


def test_letters_to_one_mailbox_are_limited(side_worker, account):
    worker = side_worker(RECOVERY_LIMIT_PER_HOUR="3")
    for address, to in (("192.0.2.1", account.email), ("192.0.2.2", new_email("nobody"))):
        statuses = [worker("POST", A + "password/forgot", {"email": to}, address=address).status for _ in range(4)]
        assert statuses == [202, 202, 202, 429]


def test_an_address_moves_with_the_code_of_its_letter(api, letters, new_account):
    account, to = new_account(**ROOMY), new_email()
    pair = api.log_in(account.email).json
    wrong = api.post(A + "email", {"new_email": to, "current_password": "Wrong-password-1"}, key=pair["access_token"])
    assert wrong.code == "wrong_credentials"
    asked = api.post(A + "email", {"new_email": to, "current_password": account.password}, key=pair["access_token"])
    assert asked.status == 202
    assert verify(api, code(letters(to, "Confirm your new")[0]))["email"] == to
    assert api.profile(pair["access_token"]).status == 401
    assert api.log_in(account.email).code == "wrong_credentials" and api.log_in(to).status == 200
    letters(account.email, "address was changed")


def test_an_address_in_use_stays_its_owners_who_learns_of_the_wish(api, letters, new_account):
    account, owner = new_account(**ROOMY), new_account(**ROOMY)
    asked = api.post(A + "email", {"new_email": owner.email, "current_password": account.password}, key=account.key)
    assert asked.status == 202
    message = letters(owner.email, "already have an account")[0]
    assert "#token=" not in message.get_body(("plain",)).get_content()
    assert api.log_in(owner.email).status == 200


def test_an_address_that_somebody_takes_meanwhile_is_his(api, letters, new_account):
    account, to = new_account(**ROOMY), new_email()
    asked = api.post(A + "email", {"new_email": to, "current_password": account.password}, key=account.key)
    assert asked.status == 202
    token = code(letters(to, "Confirm")[0])
    assert api.register(to).status == 201
    answer = verify(api, token)
    assert answer.status == 409 and answer.code == "email_taken"
    assert api.profile(account.key)["email"] == account.email


def test_a_changed_password_ends_what_the_old_one_began(api, letters, new_account):
    account, to = new_account(**ROOMY), new_email()
    one, two = (api.log_in(account.email).json for _ in range(2))
    api.post(A + "email", {"new_email": to, "current_password": account.password}, key=account.key)
    pending = code(letters(to, "Confirm your new")[0])
    change = {"current_password": account.password, "new_password": NEW, "revoke_keys": True}
    assert api.post(A + "password", {**change, "current_password": "Wrong-1-password"}, key=one["access_token"]).status == 401
    assert api.post(A + "password", {**change, "new_password": "x"}, key=one["access_token"]).status == 422
    answer = api.post(A + "password", change, key=one["access_token"])
    assert answer.status == 200 and answer["sessions_ended"] == 1
    assert api.profile(one["access_token"]).status == 200
    assert api.profile(two["access_token"]).status == 401 and api.profile(account.key).status == 401
    assert verify(api, pending).code == "invalid_code"


def test_what_strangers_write_is_text_in_letters(api, letters):
    to = new_email()
    api.register(to, company_name='<img src=x onerror="alert(1)">')
    html = letters(to, "Confirm")[0].get_body(("html",)).get_content()
    assert "<img" not in html


@pytest.mark.parametrize("path, body", [
    ("password/forgot", {}), ("password/forgot", {"email": "no address"}), ("email/resend", {"email": 5}),
    ("password/reset", {"token": "x"}), ("email/verify", {}), ("password/reset", {"token": 5, "new_password": NEW})])
def test_what_makes_no_sense_is_a_422(api, path, body):
    assert api.post(A + path, body).status == 422
