"""POST /api/v1/auth/login: proof of a password, lockout, imported accounts."""

import csv
import json
import statistics
import time

import bcrypt
import pytest

from conftest import GOOD_PASSWORD, new_email
from stack import at_once


def without_names(answer):
    return {name: value for name, value in answer.json.items() if name not in ("request_id", "instance")}


def test_the_right_password_shows_the_profile_and_no_key(api, account):
    answer = api.log_in(account.email)
    assert answer.status == 200 and answer["user_id"] == account.id
    assert answer["user"] == api.profile(account.key).json
    assert "api_key" not in answer.json


def test_a_key_is_issued_on_demand_and_works(api, account):
    keys = [api.log_in(account.email, issue_api_key=True) for _ in range(2)]
    assert len({answer["api_key"] for answer in keys}) == 2
    for answer in keys:
        assert api.profile(answer["api_key"])["user_id"] == account.id
    listed = {key["id"]: key["name"] for key in api.get("/api/v1/auth/keys", key=account.key)["keys"]}
    assert len(listed) == 3 and all(answer["api_key_id"] in listed for answer in keys)
    assert "api_key" not in api.log_in(account.email, issue_api_key=False).json


def test_the_address_is_folded_and_the_password_is_not(api, account):
    assert api.log_in(account.email.upper()).status == 200
    assert api.log_in(account.email, GOOD_PASSWORD.upper()).status == 401


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(api, account):
    wrong = api.log_in(account.email, "Wrong-password-1")
    unknown = api.log_in(new_email(), "Wrong-password-1")
    no_address = api.log_in("not-an-address", "Wrong-password-1")
    assert wrong.status == 401 and wrong.code == "wrong_credentials"
    assert without_names(wrong) == without_names(unknown) == without_names(no_address)
    hidden = ("x-request-id", "date")
    for other in (unknown, no_address):
        assert {n: v for n, v in other.headers.items() if n not in hidden} == {
            n: v for n, v in wrong.headers.items() if n not in hidden}


def test_a_wrong_password_and_an_unknown_account_take_the_same_time(api, new_account, quiet):
    emails = [new_account().email for _ in range(10)]
    known, unknown = [], []

    def timed(email):
        began = time.perf_counter()
        assert api.log_in(email, "Wrong-password-1").status == 401
        return time.perf_counter() - began
    for round in range(3):
        for email in emails:
            known.append(timed(email))
            unknown.append(timed(new_email()))
    a, b = statistics.median(known), statistics.median(unknown)
    assert abs(a - b) <= 0.25 * max(a, b), f"known {a * 1000:.1f} ms, unknown {b * 1000:.1f} ms"


def test_a_disabled_account_says_so_only_to_its_owner(api, stack, account):
    stack.sql("UPDATE users SET is_active = false WHERE id = %s", account.id)
    assert api.log_in(account.email, "Wrong-password-1").code == "wrong_credentials"
    answer = api.log_in(account.email)
    assert answer.status == 403 and answer.code == "account_disabled"


# ---- lockout

@pytest.mark.parametrize("exists", [True, False], ids=["account", "no account"])
def test_after_exactly_five_wrong_guesses_an_address_must_wait(api, api_from, new_account, exists):
    email = new_account().email if exists else new_email()
    assert [api.log_in(email, f"Wrong-password-{n}").status for n in range(7)] == [401] * 5 + [429] * 2
    locked = api.log_in(email, GOOD_PASSWORD)
    assert locked.status == 429 and locked.code == "too_many_attempts", "the right password waits too"
    assert 880 <= int(locked.headers["retry-after"]) <= 900
    assert api_from("127.0.0.2").log_in(email, GOOD_PASSWORD).status == (200 if exists else 401), "another address need not"


def test_of_many_guesses_at_once_exactly_five_are_looked_at(api, account):
    answers = at_once([lambda: api.log_in(account.email, "Wrong-password-1")] * 24, 12)
    assert sorted(answer.status for answer in answers) == [401] * 5 + [429] * 19


def test_a_success_takes_the_wrong_guesses_back(api, account):
    for _ in range(3):
        assert [api.log_in(account.email, "Wrong-password-1").status for _ in range(4)] == [401] * 4
        assert api.log_in(account.email).status == 200


def test_a_forged_forwarding_header_is_no_new_address(api, account):
    statuses = [
        api.post("/api/v1/auth/login", {"email": account.email, "password": "Wrong-password-1"}, headers={
            "X-Forwarded-For": f"203.0.113.{n}", "X-Real-IP": f"203.0.113.{n}", "Forwarded": f"for=203.0.113.{n}",
            "True-Client-IP": f"203.0.113.{n}", "CF-Connecting-IP": f"203.0.113.{n}"}).status for n in range(7)]
    assert statuses == [401] * 5 + [429] * 2


def test_strangers_guesses_do_not_lock_out_the_owner_at_his_known_address(api, api_from, account):
    # 127.0.0.1 is known from here on; this attempt itself was still one of a stranger.
    assert api.log_in(account.email).status == 200
    for n, guesses in enumerate([5, 5, 5, 4]):
        stranger = api_from(f"127.0.1.{n + 1}")
        assert [stranger.log_in(account.email, "Wrong-password-1").status for _ in range(guesses)] == [401] * guesses
    # The network of strangers has used up its twenty guesses, also at an address that has not tried yet …
    assert api_from("127.0.1.9").log_in(account.email, "Wrong-password-1").status == 429
    assert api_from("127.0.1.10").log_in(account.email).status == 429
    # … and the owner does not notice.
    for _ in range(3):
        assert api.log_in(account.email).status == 200
    assert api.log_in(account.email, "Wrong-password-1").status == 401


def test_an_address_may_try_only_so_many_accounts_a_minute(side_worker):
    worker = side_worker(LOGIN_LIMIT_PER_MINUTE="4")

    def log_in(address):
        return worker("POST", "/api/v1/auth/login", {"email": new_email(), "password": "Wrong-1-password"},
                      address=address).status
    assert [log_in("192.0.2.77") for _ in range(6)] == [401] * 4 + [429] * 2
    assert log_in("192.0.2.78") == 401
    assert [log_in(f"2001:db8:9:9::{n}") for n in range(5)] == [401] * 4 + [429], "an IPv6 /64 is one address"


# ---- accounts of the earlier service

def bcrypt_hash(password, kind=b"2b"):
    return bcrypt.hashpw(password.encode(), bcrypt.gensalt(5, prefix=kind if kind != b"2y" else b"2b")).decode().replace(
        "$2b$", f"${kind.decode()}$", 1)


def test_an_imported_bcrypt_user_logs_in_and_is_upgraded(api, stack, tmp_path):
    users = {new_email("imported"): kind for kind in (b"2a", b"2b", b"2y")}
    file = tmp_path / "users.jsonl"
    file.write_text("".join(json.dumps({
        "email": email, "password_hash": bcrypt_hash("old-Secret-1", kind), "company_name": "Käse & Co",
        "subscription_tier": "standard"}) + "\n" for email, kind in users.items()))
    assert "3 imported" in stack.petstore("user", "import", str(file)).stdout
    for email in users:
        assert api.log_in(email, "old-Secret-2").status == 401
        assert stack.value("SELECT password_hash FROM users WHERE email = %s", email).startswith("$2")
        answer = api.log_in(email, "old-Secret-1", issue_api_key=True)
        assert answer.status == 200
        assert answer["user"]["subscription_tier"] == "standard" and answer["user"]["company_name"] == "Käse & Co"
        assert stack.value("SELECT password_hash FROM users WHERE email = %s", email).startswith("$argon2id$")
        assert api.log_in(email, "old-Secret-1").status == 200
        assert api.log_in(email, "old-Secret-2").status == 401
        assert api.profile(answer["api_key"])["user_id"] == answer["user_id"]
        assert stack.value(
            "SELECT count(*) FROM audit_events WHERE action = 'password.upgraded' AND subject = %s", answer["user_id"]) == 1


def test_an_import_reports_the_lines_it_refuses_and_takes_the_others(api, stack, tmp_path):
    good, quoted = new_email("csv"), new_email("csv")
    file, report = tmp_path / "users.csv", tmp_path / "refused.txt"
    with file.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["email", "password_hash", "company_name", "subscription_tier", "role"])
        rows.writerow([good, bcrypt_hash("old-Secret-1"), "Plain", "", ""])
        rows.writerow(["no-address", bcrypt_hash("x"), "Plain", "", ""])
        rows.writerow([quoted, bcrypt_hash("old-Secret-1"), 'Dogs, "Cats" & Co', "premium", "premium"])
        rows.writerow([new_email(), "5f4dcc3b5aa765d61d8327deb882cf99", "Plain", "", ""])
        rows.writerow([new_email(), bcrypt_hash("x"), "", "", ""])
        rows.writerow([new_email(), bcrypt_hash("x"), "Plain", "gold", ""])
        rows.writerow([new_email(), bcrypt_hash("x"), "Plain", "free", "king"])
        out.write("too,few\n")
    result = stack.petstore("user", "import", str(file), "--report", str(report), check=False)
    assert result.returncode == 1
    assert "2 imported, 0 known already, 6 refused" in result.stdout
    refused = report.read_text().splitlines()
    assert [line.split(":")[0] for line in refused] == [f"line {n}" for n in (3, 5, 6, 7, 8, 9)]
    assert "5f4dcc3b5aa765d61d8327deb882cf99" not in report.read_text(), "the report holds no hashes"
    assert api.log_in(good, "old-Secret-1").status == 200
    answer = api.log_in(quoted, "old-Secret-1")
    assert answer["user"]["company_name"] == 'Dogs, "Cats" & Co' and answer["user"]["role"] == "premium"
    again = stack.petstore("user", "import", str(file), check=False)
    assert "0 imported, 2 known already, 6 refused" in again.stdout


def test_an_import_shows_how_far_it_has_come(stack, tmp_path):
    file = tmp_path / "many.jsonl"
    hash = bcrypt_hash("old-Secret-1")
    file.write_text("".join(json.dumps({
        "email": new_email("many"), "password_hash": hash, "company_name": "Many"}) + "\n" for _ in range(1200)))
    result = stack.petstore("user", "import", str(file))
    assert "1200 imported" in result.stdout and "1000 of 1200" in result.stderr
