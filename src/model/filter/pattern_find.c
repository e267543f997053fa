/*
 * All threads of the program run side by side, one character at a time. Two
 * threads at one step would do the same from there on, so the one that began
 * earlier stands for both: never more threads than steps.
 */
#include "model/filter/pattern.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "model/filter/pattern_ops.h"

struct thread {
	size_t at;   /* step of the program */
	size_t from; /* where in the name it began */
};

/* In the order of their *from*: a thread's successors keep its place. */
struct threads {
	struct thread *v;
	size_t n;
};

struct search {
	const struct pattern *p;
	size_t pos, end;          /* in the name */
	struct threads now, then; /* before and behind the present character */
	size_t *seen;  /* per step: 1 + the last position it was entered at */
	size_t *stack; /* steps to enter */
	bool found;
	size_t from, to;
};

static bool
in_ranges(const struct pattern *p, const struct pattern_op *op, int32_t c)
{
	const struct pattern_range *r = p->ranges + op->a;
	for (int32_t i = 0; i < op->b; i++)
		if (r[i].from <= c && c <= r[i].to)
			return true;
	return false;
}

static int32_t
other_case(int32_t c)
{
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 'A';
	if (c >= 'A' && c <= 'Z')
		return c - 'A' + 'a';
	return c;
}

/* Does the step take the character *c* (-1: a byte that is none)? */
static bool
takes(const struct pattern *p, const struct pattern_op *op, int32_t c)
{
	int32_t twin = p->fold_case ? other_case(c) : c;
	switch (op->kind) {
	case PATTERN_CHAR:
		return op->a == c || op->a == twin;
	case PATTERN_ANY:
		return true;
	case PATTERN_SET:
		return in_ranges(p, op, c) || in_ranges(p, op, twin);
	case PATTERN_SET_NOT:
		return !in_ranges(p, op, c) && !in_ranges(p, op, twin);
	default:
		return false;
	}
}

static void
note_match(struct search *s, size_t from)
{
	if (!s->found || from < s->from || (from == s->from && s->pos > s->to))
		s->to = s->pos;
	if (!s->found || from < s->from)
		s->from = from;
	s->found = true;
}

/*
 * Enter the step *at* and all that follows without taking a character; those
 * that take one become threads of *list*.
 */
static void
enter(struct search *s, struct threads *list, size_t at, size_t from)
{
	size_t n = 0;
	s->stack[n++] = at;
	while (n > 0) {
		at = s->stack[--n];
		if (s->seen[at] == s->pos + 1)
			continue;
		s->seen[at] = s->pos + 1;
		const struct pattern_op *op = &s->p->ops[at];
		switch (op->kind) {
		case PATTERN_SPLIT:
			s->stack[n++] = at + (size_t)op->b;
			s->stack[n++] = at + (size_t)op->a;
			break;
		case PATTERN_JUMP:
			s->stack[n++] = at + (size_t)op->a;
			break;
		case PATTERN_BEGIN:
			if (s->pos == 0)
				s->stack[n++] = at + 1;
			break;
		case PATTERN_END:
			if (s->pos == s->end)
				s->stack[n++] = at + 1;
			break;
		case PATTERN_DONE:
			note_match(s, from);
			break;
		default:
			list->v[list->n++] =
			    (struct thread){.at = at, .from = from};
		}
	}
}

/* Take the character *c* of *len* bytes with every thread. */
static void
step(struct search *s, int32_t c, size_t len)
{
	s->pos += len;
	s->then.n = 0;
	for (size_t i = 0; i < s->now.n; i++) {
		struct thread t = s->now.v[i];
		if (s->found && t.from > s->from)
			break;
		if (takes(s->p, &s->p->ops[t.at], c))
			enter(s, &s->then, t.at + 1, t.from);
	}
	struct threads swap = s->now;
	s->now = s->then;
	s->then = swap;
}

static void
run(struct search *s, const char *name)
{
	for (;;) {
		if (!s->found)
			enter(s, &s->now, 0, s->pos);
		if (s->pos == s->end || (s->found && s->now.n == 0))
			return;
		int32_t c;
		size_t len = utf8_next(name + s->pos, s->end - s->pos, &c);
		step(s, c, c < 0 ? 1 : len);
	}
}

bool
pattern_find(const struct pattern *p, const char *name, size_t n, size_t *from,
    size_t *to)
{
	/* Every step is entered once a position and pushes at most two. */
	struct search s = {
	    .p = p,
	    .end = n,
	    .now.v = mem_resize(NULL, p->n, sizeof(*s.now.v)),
	    .then.v = mem_resize(NULL, p->n, sizeof(*s.then.v)),
	    .seen = mem_zero(p->n, sizeof(*s.seen)),
	    .stack = mem_resize(NULL, 2 * p->n + 1, sizeof(*s.stack)),
	};
	run(&s, name);
	free(s.now.v);
	free(s.then.v);
	free(s.seen);
	free(s.stack);
	if (s.found && from != NULL)
		*from = s.from;
	if (s.found && to != NULL)
		*to = s.to;
	return s.found;
}
