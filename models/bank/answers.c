/*
 * Refusals that must stand: the same transaction gets the same answer.
 *
 * A terminal that has heard no answer sends its presentation again. That a code was wrong must then
 * not count twice; a transaction that was refused for good must not be permitted, though the
 * customer has a new certificate by then; nor one that was taken back, though its presentation
 * comes after its reversal. All are rows of the table `answer`, by reservation and transaction. A
 * reservation says how many it has: of nearly all, none, and nothing is looked up.
 */
#include "bank/core.h"

bool answers_recall(struct bank *bank, const struct reservation *reservation, int64_t transaction,
                    struct verdict *verdict)
{
    int64_t key[] = {(int64_t)reservation->id, transaction};
    struct database *database = &bank->database;
    if (reservation->answers == 0)
        return false;
    bool found = database_row(database, SQL_RECALL, key, 2);
    if (found)
        *verdict = (struct verdict){.reason = (enum reason)database_column(database, SQL_RECALL, 0),
                                    .final = database_column(database, SQL_RECALL, 1) != 0};
    sqlite3_reset(database->statements[SQL_RECALL]);
    return found;
}

bool answers_keep(struct bank *bank, const struct reservation *reservation, int64_t transaction,
                  struct verdict verdict)
{
    int64_t row[] = {(int64_t)reservation->id, transaction, verdict.reason, verdict.final,
                     reason_is_wrong_try(verdict.reason)};
    int changed = 0;
    return database_run(&bank->database, SQL_ANSWER, row, 5, &changed) &&
           (changed == 0 || database_run(&bank->database, SQL_COUNT_ANSWER, row, 1, NULL));
}

unsigned answers_wrong(struct bank *bank, const struct reservation *reservation)
{
    int64_t key[] = {(int64_t)reservation->id};
    if (reservation->answers == 0)
        return 0;
    return (unsigned)database_number(&bank->database, SQL_TRIES, key, 1);
}
