#include "model/filter/pattern.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/utf8.h"
#include "model/filter/pattern_ops.h"

/* Alternatives and groups nest in the C stack, so both are bounded. */
enum { DEPTH_MAX = 200, REPEAT_MAX = 1000 };

struct parser {
	struct pattern *p;
	const char *s, *end; /* what is left of the text */
	unsigned depth;
	const char *why; /* NULL as long as all is well */
};

static int parse_alternatives(struct parser *in);

static int
fail(struct parser *in, const char *why)
{
	in->why = why;
	return -1;
}

static bool
is_next(const struct parser *in, char c)
{
	return in->s < in->end && *in->s == c;
}

static bool
is_repetition(const struct parser *in)
{
	return is_next(in, '*') || is_next(in, '+') || is_next(in, '?') ||
	    is_next(in, '{');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int32_t
fold(const struct parser *in, int32_t c)
{
	return in->p->fold_case && c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* Put *n* empty places into the program at *at*. */
static int
make_room(struct parser *in, size_t at, size_t n)
{
	struct pattern *p = in->p;
	if (n > PATTERN_OPS_MAX - p->n)
		return fail(in, "it is too large");
	if (n == 0)
		return 0;
	p->ops = mem_grow(p->ops, &p->cap, p->n + n, sizeof(*p->ops));
	memmove(p->ops + at + n, p->ops + at, (p->n - at) * sizeof(*p->ops));
	p->n += n;
	return 0;
}

static int
insert(struct parser *in, size_t at, struct pattern_op op)
{
	if (make_room(in, at, 1) != 0)
		return -1;
	in->p->ops[at] = op;
	return 0;
}

static int
append(struct parser *in, struct pattern_op op)
{
	return insert(in, in->p->n, op);
}

static int
append_copy(struct parser *in, const struct pattern_op *ops, size_t n)
{
	size_t at = in->p->n;
	if (make_room(in, at, n) != 0)
		return -1;
	if (n > 0)
		memcpy(in->p->ops + at, ops, n * sizeof(*ops));
	return 0;
}

/* ---- sets ---- */

static void
add_range(struct parser *in, int32_t from, int32_t to)
{
	struct pattern *p = in->p;
	p->ranges = mem_grow(
	    p->ranges, &p->ranges_cap, p->nranges + 1, sizeof(*p->ranges));
	p->ranges[p->nranges++] =
	    (struct pattern_range){.from = from, .to = to};
}

/* One character as it stands, or behind a '\'. 1: it was "\d". */
static int
parse_char(struct parser *in, int32_t *c)
{
	static const char punctuation[] = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ ";
	bool escaped = is_next(in, '\\');
	if (escaped && ++in->s == in->end)
		return fail(in, "nothing stands behind the last '\\'");
	size_t n = utf8_next(in->s, (size_t)(in->end - in->s), c);
	if (*c < 0)
		return fail(in, "it is not UTF-8");
	if (*c == 0)
		return fail(in, "it holds a NUL byte");
	in->s += n;
	if (!escaped)
		return 0;
	if (*c == 'd')
		return 1;
	if (*c < 0x80 && strchr(punctuation, (char)*c) != NULL)
		return 0;
	return fail(in, "only \\d and \\ before punctuation are known");
}

static int
parse_set_item(struct parser *in)
{
	int32_t from, to;
	int digit = parse_char(in, &from);
	if (digit < 0)
		return -1;
	if (digit == 1) {
		add_range(in, '0', '9');
		return 0;
	}
	bool range =
	    is_next(in, '-') && in->end - in->s >= 2 && in->s[1] != ']';
	if (!range) {
		add_range(in, from, from);
		return 0;
	}
	in->s++;
	digit = parse_char(in, &to);
	if (digit < 0)
		return -1;
	if (digit == 1 || to < from)
		return fail(in, "a range in [ ] runs backwards");
	add_range(in, from, to);
	return 0;
}

static int
parse_set(struct parser *in)
{
	in->s++;
	bool negated = is_next(in, '^');
	if (negated)
		in->s++;
	size_t first = in->p->nranges;
	while (in->s < in->end && *in->s != ']') {
		if (in->p->nranges - first == PATTERN_OPS_MAX)
			return fail(in, "it is too large");
		if (parse_set_item(in) != 0)
			return -1;
	}
	if (in->s == in->end)
		return fail(in, "a '[' has no ']'");
	in->s++;
	if (in->p->nranges == first)
		return fail(in, "[] is empty");
	return append(in,
	    (struct pattern_op){
		.kind = negated ? PATTERN_SET_NOT : PATTERN_SET,
		.a = (int32_t)first,
		.b = (int32_t)(in->p->nranges - first),
	    });
}

/* ---- repetition ---- */

/* The number at the front, at most REPEAT_MAX. */
static int
parse_count(struct parser *in, int64_t *out)
{
	const char *from = in->s;
	while (in->s < in->end && is_digit(*in->s))
		in->s++;
	return num_parse(out, from, (size_t)(in->s - from), 0, REPEAT_MAX);
}

/* "{n}", "{n,}" (*max* is -1) or "{n,m}". */
static int
parse_braces(struct parser *in, int64_t *min, int64_t *max)
{
	static const char wrong[] =
	    "{ } takes one or two numbers up to 1000, the smaller one first";
	in->s++;
	if (parse_count(in, min) != 0)
		return fail(in, wrong);
	*max = *min;
	if (is_next(in, ',')) {
		in->s++;
		*max = -1;
		if (!is_next(in, '}') && parse_count(in, max) != 0)
			return fail(in, wrong);
	}
	if (!is_next(in, '}') || (*max >= 0 && *max < *min))
		return fail(in, wrong);
	in->s++;
	return 0;
}

/* *piece* between *min* and *max* (-1: any number of) times. */
static int
append_repeated(struct parser *in, const struct pattern_op *piece, size_t n,
    int64_t min, int64_t max)
{
	int32_t len = (int32_t)n;
	for (int64_t i = 0; i < min; i++)
		if (append_copy(in, piece, n) != 0)
			return -1;
	struct pattern_op again = {PATTERN_SPLIT, -len, 1};
	struct pattern_op skip = {PATTERN_SPLIT, 1, len + 1};
	if (max < 0 && min > 0)
		return append(in, again);
	if (max < 0) {
		skip.b = len + 2;
		again = (struct pattern_op){PATTERN_JUMP, -len - 1, 0};
		if (append(in, skip) != 0 || append_copy(in, piece, n) != 0)
			return -1;
		return append(in, again);
	}
	for (int64_t i = min; i < max; i++)
		if (append(in, skip) != 0 || append_copy(in, piece, n) != 0)
			return -1;
	return 0;
}

/* The repetition behind what begins at *start* of the program, if any. */
static int
parse_repetition(struct parser *in, size_t start)
{
	int64_t min = 0, max = -1;
	if (!is_repetition(in))
		return 0;
	if (*in->s == '{') {
		if (parse_braces(in, &min, &max) != 0)
			return -1;
	} else {
		min = *in->s == '+';
		max = *in->s == '?' ? 1 : -1;
		in->s++;
	}
	if (is_repetition(in))
		return fail(in, "a repetition is repeated");
	size_t n = in->p->n - start;
	struct pattern_op *piece = mem_resize(NULL, n + 1, sizeof(*piece));
	if (n > 0)
		memcpy(piece, in->p->ops + start, n * sizeof(*piece));
	in->p->n = start;
	int rc = append_repeated(in, piece, n, min, max);
	free(piece);
	return rc;
}

/* ---- the grammar ---- */

static int
parse_group(struct parser *in)
{
	in->s++;
	if (parse_alternatives(in) != 0)
		return -1;
	if (!is_next(in, ')'))
		return fail(in, "a '(' has no ')'");
	in->s++;
	return 0;
}

static int
parse_literal(struct parser *in)
{
	int32_t c;
	int digit = parse_char(in, &c);
	if (digit < 0)
		return -1;
	if (digit == 0)
		return append(
		    in, (struct pattern_op){PATTERN_CHAR, fold(in, c), 0});
	add_range(in, '0', '9');
	return append(in,
	    (struct pattern_op){PATTERN_SET, (int32_t)in->p->nranges - 1, 1});
}

static int
parse_piece(struct parser *in)
{
	size_t start = in->p->n;
	int rc;
	switch (*in->s) {
	case '^':
	case '$':
		/* Not repeatable: what comes next says so. */
		rc = append(in,
		    (struct pattern_op){
			*in->s == '^' ? PATTERN_BEGIN : PATTERN_END, 0, 0});
		in->s++;
		return rc;
	case '*':
	case '+':
	case '?':
	case '{':
		return fail(in, "there is nothing to repeat");
	case ']':
	case '}':
		return fail(in, "write \\] or \\} for the character itself");
	case '.':
		in->s++;
		rc = append(in, (struct pattern_op){PATTERN_ANY, 0, 0});
		break;
	case '[':
		rc = parse_set(in);
		break;
	case '(':
		rc = parse_group(in);
		break;
	default:
		rc = parse_literal(in);
		break;
	}
	return rc != 0 ? -1 : parse_repetition(in, start);
}

/* "a|b": SPLIT to a and b; behind a, JUMP over b. b may be "c|d" again. */
static int
parse_alternatives(struct parser *in)
{
	size_t start = in->p->n;
	if (++in->depth > DEPTH_MAX)
		return fail(in, "it nests too deep");
	while (in->s < in->end && *in->s != '|' && *in->s != ')')
		if (parse_piece(in) != 0)
			return -1;
	if (is_next(in, '|')) {
		in->s++;
		int32_t len = (int32_t)(in->p->n - start);
		struct pattern_op split = {PATTERN_SPLIT, 1, len + 2};
		if (insert(in, start, split) != 0)
			return -1;
		size_t jump = in->p->n;
		if (append(in, (struct pattern_op){PATTERN_JUMP, 0, 0}) != 0 ||
		    parse_alternatives(in) != 0)
			return -1;
		in->p->ops[jump].a = (int32_t)(in->p->n - jump);
	}
	in->depth--;
	return 0;
}

int
pattern_compile(struct pattern *out, const char *text, size_t n, bool fold_case,
    const char **why)
{
	*out = (struct pattern){.fold_case = fold_case};
	struct parser in = {.p = out, .s = text, .end = text + n};
	if (n == 0)
		fail(&in, "it is empty");
	else if (parse_alternatives(&in) == 0 && in.s < in.end)
		fail(&in, "a ')' has no '('");
	if (in.why == NULL)
		append(&in, (struct pattern_op){PATTERN_DONE, 0, 0});
	if (in.why == NULL)
		return 0;
	*why = in.why;
	pattern_free(out);
	return -1;
}

void
pattern_free(struct pattern *p)
{
	free(p->ops);
	free(p->ranges);
	*p = (struct pattern){.ops = NULL};
}
