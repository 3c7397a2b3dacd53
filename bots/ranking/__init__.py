"""Ranks the papers that fit a channel by its interests and by what its people said of earlier papers: pure functions.

Input: papers with their vectors, interests in plain words, feedback. Output: the papers that are close enough, best
first, each with the reason. No I/O.
"""
