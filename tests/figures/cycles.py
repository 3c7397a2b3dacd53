"""Finds import cycles, direct or through other modules."""

import grimp


def cycles(*packages: str) -> tuple[tuple[str, ...], ...]:
    """Return each group of modules that import one another, directly or through others.

    Imports inside functions count; imports under `TYPE_CHECKING`, which never run, do not.
    """
    graph = grimp.build_graph(*packages, exclude_type_checking_imports=True, cache_dir=None)
    imported = {module: graph.find_upstream_modules(module) for module in graph.modules}
    groups = {
        frozenset({module, *(other for other in others if module in imported[other])})
        for module, others in imported.items()
    }
    return tuple(sorted(tuple(sorted(group)) for group in groups if len(group) > 1))
