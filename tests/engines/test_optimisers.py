"""The engine's optimisers are known: one that is new may try a consumer's condition before a view's row filter."""

import duckdb

from ghala.engines.duckdb import UNFENCED

KNOWN = """
aggregate_function_rewriter aggregate_reuse build_side_probe_side column_lifetime common_aggregate common_subexpressions
common_subplan compressed_materialization cte_filter_pusher cte_inlining deliminator distinct_aggregate_rewrite
duplicate_groups empty_result_pullup expression_rewriter extension filter_pullup filter_pushdown grouping_sets in_clause
join_elimination join_filter_pushdown join_order late_materialization limit_pushdown materialized_cte
outer_join_simplification partial_aggregate_pushdown partitioned_execution projection_placement projection_pullup
redundant_order_keys regex_range remote_pushdown reorder_filter row_group_pruner sampling_pushdown scalar_fn_pushdown
statistics_propagation top_n top_n_window_elimination type_pushdown unnest_rewriter unused_columns window_rewriter
window_self_join
"""


def test_no_optimiser_is_new():
    with duckdb.connect() as engine:
        found = {name for (name,) in engine.execute("FROM duckdb_optimizers()").fetchall()}
    assert found == set(KNOWN.split()), "run the long form of tests/doors/test_canary.py"
    assert set(UNFENCED.split(",")) <= found
