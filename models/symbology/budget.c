#include "symbology/budget.h"

#include "engine/stopwatch.h"

/* Asking the clock may cost a microsecond: once for so much counted work is enough. */
static const double ASK_PART = 0.001;

struct budget budget_begin(double ms, bool clock)
{
    struct budget budget = {.left_ns = INT64_MAX, .until_ns = INT64_MAX};
    if (ms > 0)
        budget.left_ns = (int64_t)(ms * 1e6);
    if (ms > 0 && clock) {
        budget.until_ns = stopwatch_ns() + budget.left_ns;
        budget.ask_ns = ASK_PART * ms * 1e6;
    }
    return budget;
}

static bool clock_allows(struct budget *budget, double cost_ns)
{
    budget->unasked_ns += cost_ns;
    if (budget->until_ns == INT64_MAX || budget->unasked_ns < budget->ask_ns)
        return true;
    budget->unasked_ns = 0;
    return (double)(budget->until_ns - stopwatch_ns()) >= cost_ns;
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
