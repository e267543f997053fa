#include "support/world.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "model/plan/names.h"

/* ---- nodes -----------------------------------------------------------------
 */

struct node *
nodes_find(const struct nodes *v, const char *path)
{
	for (size_t i = 0; i < v->n; i++)
		if (strcmp(v->v[i].path, path) == 0)
			return &v->v[i];
	return NULL;
}

struct node *
nodes_add(struct nodes *v, const struct node *n)
{
	assert(nodes_find(v, n->path) == NULL);
	v->v = mem_grow(v->v, &v->cap, v->n + 1, sizeof(*v->v));
	v->v[v->n] = *n;
	return &v->v[v->n++];
}

void
nodes_remove(struct nodes *v, const char *path)
{
	struct node *n = nodes_find(v, path);
	if (n != NULL)
		*n = v->v[--v->n];
}

static void
nodes_copy(struct nodes *out, const struct nodes *v)
{
	out->v = mem_grow(out->v, &out->cap, v->n, sizeof(*out->v));
	if (v->n > 0)
		memcpy(out->v, v->v, v->n * sizeof(*out->v));
	out->n = v->n;
}

uint64_t
content_size(char content)
{
	if (content == 'M')
		return 30;
	return content == 'C' || content == 'F' ? 20 : 10;
}

int64_t
content_time(char content)
{
	return (content == 'E' ? 'B' - 'A' + 1 : content - 'A' + 1) * 1000;
}

/* ---- worlds ----------------------------------------------------------------
 */

void
world_init(struct world *w)
{
	memset(w, 0, sizeof(*w));
	w->look = (struct classify_rules){.compare = CLASSIFY_FALLBACK,
	    .tolerance = 2,
	    .exec = {true, true},
	    .ids = {true, true}};
	w->rules = (struct plan_rules){.may_write = {true, true},
	    .policy = PLAN_MANUAL_SKIP,
	    .empty_dirs = true,
	    .tolerance = 2,
	    .now = {.sec = 1767225600},
	    .machine = "m"};
}

void
world_clear(struct world *w)
{
	w->side[SIDE_LOCAL].n = w->side[SIDE_CLOUD].n = w->ledger.n = 0;
}

void
world_free(struct world *w)
{
	free(w->side[SIDE_LOCAL].v);
	free(w->side[SIDE_CLOUD].v);
	free(w->ledger.v);
	memset(w, 0, sizeof(*w));
}

void
world_copy(struct world *out, const struct world *w)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		nodes_copy(&out->side[s], &w->side[s]);
	nodes_copy(&out->ledger, &w->ledger);
	out->look = w->look;
	out->rules = w->rules;
}

static void
swap_flags(bool v[SIDES])
{
	bool local = v[SIDE_LOCAL];
	v[SIDE_LOCAL] = v[SIDE_CLOUD];
	v[SIDE_CLOUD] = local;
}

static void
mirror_rules(struct plan_rules *r)
{
	unsigned who = r->who[SIDE_LOCAL];
	r->who[SIDE_LOCAL] = r->who[SIDE_CLOUD];
	r->who[SIDE_CLOUD] = who;
	swap_flags(r->may_write);
	if (r->policy == PLAN_PREFER_LOCAL)
		r->policy = PLAN_PREFER_CLOUD;
	else if (r->policy == PLAN_PREFER_CLOUD)
		r->policy = PLAN_PREFER_LOCAL;
	if (r->equal_mtime == PLAN_EQUAL_LOCAL)
		r->equal_mtime = PLAN_EQUAL_CLOUD;
	else if (r->equal_mtime == PLAN_EQUAL_CLOUD)
		r->equal_mtime = PLAN_EQUAL_LOCAL;
}

void
world_mirror(struct world *out, const struct world *w)
{
	world_copy(out, w);
	struct nodes local = out->side[SIDE_LOCAL];
	out->side[SIDE_LOCAL] = out->side[SIDE_CLOUD];
	out->side[SIDE_CLOUD] = local;
	for (size_t i = 0; i < out->ledger.n; i++) {
		struct node *n = &out->ledger.v[i];
		int64_t time = n->mtime[SIDE_LOCAL];
		n->mtime[SIDE_LOCAL] = n->mtime[SIDE_CLOUD];
		n->mtime[SIDE_CLOUD] = time;
		swap_flags(n->exec);
		swap_flags(n->present);
	}
	swap_flags(out->look.exec);
	swap_flags(out->look.ids);
	mirror_rules(&out->rules);
}

static bool
node_equal(const struct node *a, const struct node *b)
{
	for (enum side s = SIDE_LOCAL; s < SIDES; s++)
		if (a->present[s] != b->present[s] ||
		    a->exec[s] != b->exec[s] || a->mtime[s] != b->mtime[s])
			return false;
	return a->type == b->type && a->unknown == b->unknown &&
	    a->content == b->content;
}

static bool
nodes_equal(const struct nodes *a, const struct nodes *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++) {
		const struct node *other = nodes_find(b, a->v[i].path);
		if (other == NULL || !node_equal(&a->v[i], other))
			return false;
	}
	return true;
}

bool
world_equal(const struct world *a, const struct world *b)
{
	return nodes_equal(&a->side[SIDE_LOCAL], &b->side[SIDE_LOCAL]) &&
	    nodes_equal(&a->side[SIDE_CLOUD], &b->side[SIDE_CLOUD]) &&
	    nodes_equal(&a->ledger, &b->ledger);
}

/* ---- reading ---------------------------------------------------------------
 */

static enum entry_unknown
unknown_of(char letter)
{
	switch (letter) {
	case 's':
		return UNKNOWN_SPECIAL;
	case 'y':
		return UNKNOWN_SYMLINK;
	case 'u':
		return UNKNOWN_UNREADABLE;
	case 'x':
		return UNKNOWN_EXCLUDED;
	case 'n':
		return UNKNOWN_INVALID_NAME;
	default:
		assert(letter == 'p');
		return UNKNOWN_PLACEHOLDER;
	}
}

static void
set_time(struct node *n, int64_t time)
{
	n->mtime[SIDE_LOCAL] = n->mtime[SIDE_CLOUD] = time;
}

/* What follows the kind: marks in any number. */
static void
parse_marks(struct node *n, const char *p)
{
	while (*p != '\0') {
		switch (*p++) {
		case '*':
			n->exec[SIDE_LOCAL] = n->exec[SIDE_CLOUD] = true;
			break;
		case '^':
			n->extends = true;
			break;
		case '<':
			n->present[SIDE_CLOUD] = false;
			break;
		case '>':
			n->present[SIDE_LOCAL] = false;
			break;
		default: {
			char *end;
			assert(p[-1] == '@');
			set_time(n, strtoll(p, &end, 10));
			p = end;
		}
		}
	}
}

/* False: nothing there. */
static bool
parse_node(struct node *n, const char *path, const char *p)
{
	memset(n, 0, sizeof(*n));
	assert(strlen(path) < sizeof(n->path));
	memcpy(n->path, path, strlen(path));
	n->present[SIDE_LOCAL] = n->present[SIDE_CLOUD] = true;
	if (*p == '.')
		return false;
	if (*p == '?') {
		n->type = ENTRY_UNKNOWN;
		n->unknown = unknown_of(p[1]);
		return true;
	}
	if (*p == '/') {
		n->type = ENTRY_DIR;
	} else {
		n->type = *p == '>' ? ENTRY_LINK : ENTRY_FILE;
		n->content = *p == '>' ? *++p : *p;
		assert(n->content >= 'A' && n->content <= 'Z');
		set_time(n, content_time(n->content));
	}
	parse_marks(n, p + 1);
	return true;
}

static void
put_parents(struct nodes *v, const char *path)
{
	char dir[WORLD_PATH_SIZE];
	for (size_t i = 0; path[i] != '\0'; i++) {
		struct node n;
		if (path[i] != '/')
			continue;
		memcpy(dir, path, i);
		dir[i] = '\0';
		parse_node(&n, dir, "/");
		if (nodes_find(v, dir) == NULL)
			nodes_add(v, &n);
	}
}

static void
put(struct nodes *v, const char *path, const char *token)
{
	struct node n;
	if (!parse_node(&n, path, token))
		return;
	put_parents(v, path);
	nodes_remove(v, path);
	nodes_add(v, &n);
}

void
world_put(struct world *w, enum side s, const char *path, const char *token)
{
	put(&w->side[s], path, token);
}

void
world_put_ledger(struct world *w, const char *path, const char *token)
{
	put(&w->ledger, path, token);
}

void
world_read(struct world *w, const char *text)
{
	char path[WORLD_PATH_SIZE], cell[3][16];
	int used;
	while (sscanf(text, " %255s %15s %15s %15s%n", path, cell[0], cell[1],
		   cell[2], &used) == 4) {
		world_put(w, SIDE_LOCAL, path, cell[0]);
		world_put(w, SIDE_CLOUD, path, cell[1]);
		world_put_ledger(w, path, cell[2]);
		text += used;
	}
	assert(strspn(text, " \n\t") == strlen(text));
}

/* ---- writing ---------------------------------------------------------------
 */

static void
write_unknown(struct str *out, const struct node *n)
{
	static const char letters[] = "syuxnp";
	for (const char *p = letters; *p != '\0'; p++)
		if (unknown_of(*p) == n->unknown)
			str_addf(out, "?%c", *p);
}

static void
write_node(struct str *out, const struct node *n)
{
	if (n == NULL) {
		str_add(out, ".");
		return;
	}
	if (n->type == ENTRY_UNKNOWN)
		write_unknown(out, n);
	else if (n->type == ENTRY_DIR)
		str_add(out, "/");
	else
		str_addf(out, "%s%c%s", n->type == ENTRY_LINK ? ">" : "",
		    n->content, n->extends ? "^" : "");
	if (n->exec[SIDE_LOCAL])
		str_add(out, "*");
	if (n->content != '\0' &&
	    n->mtime[SIDE_LOCAL] != content_time(n->content))
		str_addf(out, "@%" PRId64, n->mtime[SIDE_LOCAL]);
	if (!n->present[SIDE_CLOUD])
		str_add(out, "<");
	if (!n->present[SIDE_LOCAL])
		str_add(out, ">");
}

static int
compare_nodes(const void *a, const void *b)
{
	const struct node *const *x = a, *const *y = b;
	return path_cmp(
	    (*x)->path, strlen((*x)->path), (*y)->path, strlen((*y)->path));
}

static void
write_who(struct str *out, const char *side, unsigned who)
{
	if (who & NAMES_FOLD)
		str_addf(out, ", %s folds", side);
	if (who & NAMES_WINDOWS)
		str_addf(out, ", %s for Windows", side);
}

static void
write_rules(struct str *out, const struct world *w)
{
	static const char *const policies[] = {"manual_abort", "manual_skip",
	    "prefer_local", "prefer_cloud", "prefer_newer", "keep_both"};
	static const char *const equal[] = {
	    "skip", "local", "cloud", "conflict"};
	const struct plan_rules *r = &w->rules;
	str_addf(out, "%s, equal times: %s, writes%s%s%s%s%s%s%s",
	    policies[r->policy], equal[r->equal_mtime],
	    r->may_write[SIDE_LOCAL] ? " local" : "",
	    r->may_write[SIDE_CLOUD] ? " cloud" : "",
	    r->never_delete ? ", never_delete" : "",
	    r->empty_dirs ? "" : ", no empty_dirs",
	    r->ngroups > 0 ? ", groups" : "",
	    r->hold_copies ? ", hold copies" : "",
	    r->only_choices ? ", only choices" : "");
	write_who(out, "local", r->who[SIDE_LOCAL]);
	write_who(out, "cloud", r->who[SIDE_CLOUD]);
	str_add(out, "\n");
}

void
world_write(struct str *out, const struct world *w)
{
	const struct nodes *lists[3] = {
	    &w->side[SIDE_LOCAL], &w->side[SIDE_CLOUD], &w->ledger};
	size_t n = lists[0]->n + lists[1]->n + lists[2]->n;
	const struct node **all = mem_zero(n, sizeof(*all));
	size_t at = 0;
	for (size_t k = 0; k < 3; k++)
		for (size_t i = 0; i < lists[k]->n; i++)
			all[at++] = &lists[k]->v[i];
	if (n > 1)
		qsort(all, n, sizeof(*all), compare_nodes);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && strcmp(all[i]->path, all[i - 1]->path) == 0)
			continue;
		str_addf(out, "%s", all[i]->path);
		for (size_t k = 0; k < 3; k++) {
			str_add(out, "\t");
			write_node(out, nodes_find(lists[k], all[i]->path));
		}
		str_add(out, "\n");
	}
	write_rules(out, w);
	free(all);
}
