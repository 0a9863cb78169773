#include "experiment/chain.h"

#include "experiment/utf8.h"

#include <stdlib.h>
#include <string.h>

/* The value of `extends` at the top of a file; null where there is none. */
static const struct node *find_extends(const struct source *source, const struct node *root,
                                       struct diagnostics *diagnostics)
{
    const struct node *key = root->kind == NODE_MAPPING ? root->first : NULL;
    const struct node *first = NULL;

    for (; key != NULL && key->next != NULL; key = key->next->next) {
        if (key->kind != NODE_SCALAR || key->problem != NULL || strcmp(key->text, "extends") != 0)
            continue;
        if (first != NULL)
            diagnostics_at(diagnostics, source, key->offset,
                           "the key \"extends\" is given twice; it first stands in line %zu",
                           first->line);
        else
            first = key;
    }
    return first != NULL ? first->next : NULL;
}

static const char *find_fault(const struct chain *chain, const struct node *value)
{
    if (value->problem != NULL)
        return value->problem;
    if (value->kind != NODE_SCALAR)
        return "extends takes the name of one file";
    if (value->text[0] == '\0')
        return "extends takes the name of a file, which is missing";
    if (strchr(value->text, '/') != NULL || strstr(value->text, "..") != NULL)
        return "extends takes the name of a file in the same folder, without a path";
    if (chain->count == CHAIN_FILES)
        return "too many parents: a scenario and its parents are at most 4 files";
    return NULL;
}

static bool is_known(const struct chain *chain, const struct source *source)
{
    for (size_t i = 0; i < chain->count; ++i)
        if (chain->file[i].source.device == source->device &&
            chain->file[i].source.inode == source->inode)
            return true;
    return false;
}

/* Opens the parent that `value` in the latest file names, as the next file of the chain. */
static bool open_parent(struct chain *chain, const struct node *value,
                        struct diagnostics *diagnostics)
{
    const struct source *child = &chain->file[chain->count - 1].source;
    const char *fault = find_fault(chain, value);
    struct error error;

    if (fault != NULL)
        return diagnostics_at(diagnostics, child, value->offset, "%s", fault);
    struct source *parent = &chain->file[chain->count].source;
    char *path = source_beside(child, value->text);
    bool opened = source_read(parent, path, false, &error);
    free(path);
    if (!opened)
        return diagnostics_at(diagnostics, child, value->offset, "the parent \"%s\": %s",
                              utf8_shorten(value->text).text, error.text);
    if (is_known(chain, parent)) {
        source_fini(parent);
        return diagnostics_at(diagnostics, child, value->offset,
                              "\"%s\" extends itself: the chain of parents must end",
                              utf8_shorten(value->text).text);
    }
    return true;
}

/* Reads the tree of the file whose source stands ready, and counts it in. */
static bool read_tree(struct chain *chain, struct diagnostics *diagnostics)
{
    const struct source *source = &chain->file[chain->count].source;
    struct document *document = &chain->file[chain->count].document;

    ++chain->count;
    *document = (struct document){0};
    if (!diagnostics_check_text(diagnostics, source))
        return false;
    document_read(document, source, 0);
    const struct node *root = document->root;
    if (root == NULL && document->broken)
        return false;
    if (root == NULL || (root->plain && root->text[0] == '\0'))
        return diagnostics_about(diagnostics, source->name,
                                 "the file is empty: a scenario consists of KEY: VALUE lines");
    if (root->problem != NULL)
        return diagnostics_at(diagnostics, source, root->offset, "%s", root->problem);
    if (root->kind != NODE_MAPPING)
        return diagnostics_at(diagnostics, source, root->offset,
                              "a scenario consists of KEY: VALUE lines, not of a %s",
                              root->kind == NODE_SEQUENCE ? "list" : "single value");
    return !document->broken;
}

void chain_read(struct chain *chain, const char *path, struct diagnostics *diagnostics)
{
    struct error error;

    *chain = (struct chain){.whole = true};
    if (!source_read(&chain->file[0].source, path, true, &error)) {
        chain->whole = diagnostics_about(diagnostics, path, "%s", error.text);
        return;
    }
    for (bool more = true; more;) {
        chain->whole = read_tree(chain, diagnostics) && chain->whole;
        const struct source *source = &chain->file[chain->count - 1].source;
        const struct node *root = chain->file[chain->count - 1].document.root;
        const struct node *value = root != NULL ? find_extends(source, root, diagnostics) : NULL;
        more = value != NULL && open_parent(chain, value, diagnostics);
        chain->whole = chain->whole && more == (value != NULL);
    }
}

void chain_fini(struct chain *chain)
{
    for (size_t i = 0; i < chain->count; ++i) {
        document_fini(&chain->file[i].document);
        source_fini(&chain->file[i].source);
    }
    chain->count = 0;
}
