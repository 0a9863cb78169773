#include "symbology/check_digits.h"

/* The number modulo 97, or -1 where it is no number. */
static int remainder_of(const char *digits, size_t length)
{
    int rest = 0;
    for (size_t i = 0; i < length; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return -1;
        rest = (10 * rest + (digits[i] - '0')) % 97;
    }
    return rest;
}

bool check_digits_of(const char *digits, size_t length, char check[CHECK_DIGITS])
{
    int rest = remainder_of(digits, length);
    if (length == 0 || rest < 0)
        return false;
    int number = 98 - rest * 100 % 97;
    check[0] = (char)('0' + number / 10);
    check[1] = (char)('0' + number % 10);
    return true;
}

bool check_digits_fit(const char *digits, size_t length)
{
    return length > CHECK_DIGITS && remainder_of(digits, length) == 1;
}
