"""What pytest loads wherever Paperwire is installed: asks for readable failures of the test kit's claims, no more.

It stands beside `bots` and imports nothing of it: a test run that has nothing to do with Paperwire, even one whose own
code has a package `bots`, is neither slowed nor broken by it.
"""

import pytest

pytest.register_assert_rewrite("bots.testing")
