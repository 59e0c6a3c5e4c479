"""The files of JSONTestSuite (https://github.com/nst/JSONTestSuite), posted as bodies."""

import pytest

# Valid by RFC 8259, and refused here all the same: two parsers could read them differently: their member names occur twice.
REFUSED_ON_PURPOSE = {"y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"}


@pytest.fixture(scope="module")
def files(test_data):
    folder = test_data / "json/test_parsing"
    if not folder.is_dir():
        pytest.skip("JSONTestSuite is not there: set PETSTORE_TEST_DATA to the folder that holds json/test_parsing")
    found = sorted(folder.glob("*.json"))
    assert len(found) > 300
    return found


def outcomes(api, account, files, prefix):
    """(name, answer at login, answer at generate) of each file."""
    for file in files:
        if file.name.startswith(prefix):
            content = file.read_bytes()
            yield (file.name, api("POST", "/api/v1/auth/login", content=content),
                   api("POST", "/api/v1/generate", content=content, key=account.key))


def test_what_must_be_refused_is_a_422(api, shared_roomy, files):
    wrong = []
    for name, *answers in outcomes(api, shared_roomy, files, "n_"):
        for answer in answers:
            # A file without a byte is no body at all.
            wanted = ["missing"] if name == "n_structure_no_data.json" else ["json_invalid"]
            if answer.status != 422 or answer.error_types != wanted:
                wrong.append((name, answer))
    assert not wrong, wrong[:10]


def test_what_must_be_read_is_never_called_invalid_json(api, shared_roomy, files):
    wrong = []
    for name, *answers in outcomes(api, shared_roomy, files, "y_"):
        for answer in answers:
            invalid = answer.status == 422 and "json_invalid" in answer.error_types
            if answer.status != 422 or invalid != (name in REFUSED_ON_PURPOSE):
                wrong.append((name, answer))
    assert not wrong, wrong[:10]


def test_what_may_be_either_is_a_422_of_some_kind(api, shared_roomy, files):
    for name, *answers in outcomes(api, shared_roomy, files, "i_"):
        for answer in answers:
            assert answer.status == 422, (name, answer)
