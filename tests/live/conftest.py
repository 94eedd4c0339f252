import pytest

from tests import make


@pytest.fixture
def thread(members_space, ada):
    return make.thread(members_space, ada)
