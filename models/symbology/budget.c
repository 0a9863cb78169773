#include "symbology/budget.h"

#include "engine/stopwatch.h"

struct budget budget_begin(double ms, bool clock)
{
    struct budget budget = {INT64_MAX, INT64_MAX, false};
    if (ms > 0)
        budget.left_ns = (int64_t)(ms * 1e6);
    if (ms > 0 && clock)
        budget.until_ns = stopwatch_ns() + budget.left_ns;
    return budget;
}

static bool clock_allows(const struct budget *budget, double cost_ns)
{
    return budget->until_ns == INT64_MAX || (double)(budget->until_ns - stopwatch_ns()) >= cost_ns;
}

bool budget_spend(struct budget *budget, double cost_ns)
{
    if (budget->over || cost_ns > (double)budget->left_ns || !clock_allows(budget, cost_ns)) {
        budget->over = true;
        return false;
    }
    if (budget->left_ns != INT64_MAX)
        budget->left_ns -= (int64_t)cost_ns;
    return true;
}
