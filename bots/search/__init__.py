"""Hybrid search: which stored papers fit what a person typed, by words, by meaning and by titles with typing errors.

Pure: the store keeps what is defined here in step with its papers, and `bots.usecases.paper_search` joins the two.
"""
