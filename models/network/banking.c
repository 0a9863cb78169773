#include "network/banking.h"

#include <string.h>

struct reservation_request banking_reserve(enum scheme scheme, uint64_t mobile, uint64_t card,
                                           int64_t amount_minor, const char *reservation_code,
                                           uint64_t number)
{
    struct reservation_request request = {.scheme = scheme,
                                          .mobile = mobile,
                                          .card = card,
                                          .amount_minor = amount_minor,
                                          .request = number};
    if (reservation_code != NULL)
        memccpy(request.reservation_code, reservation_code, '\0',
                sizeof request.reservation_code - 1); /* the last stays 0 */
    return request;
}
