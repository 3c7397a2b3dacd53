"""A pytest plug-in, loaded wherever Paperwire is installed; it only makes failures of the test kit readable.

It is outside the package `bots` and imports nothing from it, so that an unrelated test run, even one whose own code
has a package `bots`, is neither slowed nor broken.
"""

import pytest

pytest.register_assert_rewrite("bots.testing")
