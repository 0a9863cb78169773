/*
 * Grey values between pixels.
 */
#ifndef CASHPOINT_GREY_AT_H
#define CASHPOINT_GREY_AT_H

#include "optics/frame.h"

#include <stddef.h>

/* Between the four pixels whose centres (at .5) lie around (x, y), in 256ths of a grey level;
 * beyond the frame its edge goes on. The frame has at least 2 x 2 pixels. */
static inline int grey_at(const struct frame *frame, float x, float y)
{
    float most_x = (float)(frame->width - 1), most_y = (float)(frame->height - 1);
    x -= 0.5f;
    y -= 0.5f;
    x = x > 0 ? x : 0; /* also of what is no number */
    y = y > 0 ? y : 0;
    x = x < most_x ? x : most_x;
    y = y < most_y ? y : most_y;
    int column = (int)x, row = (int)y;
    column -= column == (int)frame->width - 1;
    row -= row == (int)frame->height - 1;
    int right = (int)((x - (float)column) * 16.0f + 0.5f);
    int below = (int)((y - (float)row) * 16.0f + 0.5f);
    const uint8_t *p = frame->pixels + (size_t)row * frame->stride + (size_t)column;
    const uint8_t *q = p + frame->stride;
    int upper = p[0] * (16 - right) + p[1] * right, lower = q[0] * (16 - right) + q[1] * right;
    return upper * (16 - below) + lower * below;
}

#endif
