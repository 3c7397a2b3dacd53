"""A module that raises a BaseException of its own when it is imported, as libraries in Rust do when they panic."""

from tests.support.stranger import Panic

raise Panic
