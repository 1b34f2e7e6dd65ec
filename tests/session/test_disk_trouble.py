"""Every refusal of a disk is a sentence that names the file."""

import errno

import pytest

from builder_app.session.disk_trouble import DiskTrouble, disk_sentence, in_sentences


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_every_error_is_a_sentence_that_names_the_file_and_a_way_out(number: int) -> None:
    sentence = disk_sentence(OSError(number, "Some reason", "/some/file"))
    assert "'/some/file'" in sentence
    assert sentence.endswith(".")
    assert any(advice in sentence for advice in ("Name ", "name another place", "Look at", "Make room"))


def test_an_error_without_a_file_or_a_number_is_a_sentence_too() -> None:
    assert disk_sentence(OSError("pipe of no name")).startswith("The system refused a file: pipe of no name.")


def test_only_errors_of_the_disk_are_put_into_words() -> None:
    with pytest.raises(DiskTrouble, match="is a folder"), in_sentences():
        raise IsADirectoryError(errno.EISDIR, "Is a directory", "x")
    with pytest.raises(KeyError), in_sentences():
        raise KeyError("a fault of ours")
