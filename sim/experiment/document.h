/*
 * A scenario's text as a tree, through libyaml's events.
 *
 * The tree is what stands in the file, each node with its place, before anyone knows what it means.
 * Anchors, aliases, tags and NUL characters are marked on their node, so that their mistakes are
 * told in the order of the file. What ends the reading (YAML that is none, too deep, a second
 * document) is one mistake at the end; the tree then holds what came before it.
 */
#ifndef CASHPOINT_DOCUMENT_H
#define CASHPOINT_DOCUMENT_H

#include "experiment/source.h"

enum { DOCUMENT_DEPTH = 16 };

enum node_kind { NODE_SCALAR, NODE_SEQUENCE, NODE_MAPPING };

struct node {
    enum node_kind kind;
    bool plain;          /* a scalar without quotes */
    bool quoted;         /* a scalar in quotes */
    bool flow;           /* a scalar inside [ ] or { }; a container written with them */
    bool closed;         /* its end was read */
    size_t offset;       /* in the source's text */
    size_t line;         /* from 1 */
    const char *problem; /* a mistake of the node itself; null: none */
    char *text;          /* of a scalar, NUL-terminated */
    struct node *first;  /* child; in a mapping keys and values take turns */
    struct node *next;   /* sibling */
    struct node *made_before;
};

struct document {
    struct node *root; /* null: there is nothing in it */
    struct node *made_last;
    bool broken; /* reading ended early, at `broken_at` */
    size_t broken_at;
    struct error broken_why;
};

/* Reads the YAML of `source` from the byte offset `begin`. The text holds only characters that
 * YAML allows (diagnostics_check_text). */
void document_read(struct document *document, const struct source *source, size_t begin);

/* Reads a bare value, as a default or a --set has it: a sequence where it starts with [, and
 * otherwise a text as it stands, so that a colon in it needs no quotes. */
void document_read_value(struct document *document, const struct source *source, size_t begin);

/* True for the first half of {distance: normal(mean 1 m, sd 2 m)}, which YAML cuts at the comma. */
bool node_is_torn(const struct node *node);

void document_fini(struct document *document);

#endif
