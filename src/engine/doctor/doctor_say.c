/*
 * What the checks found, as it is kept.
 */
#include <stdarg.h>
#include <stdlib.h>

#include "base/mem.h"
#include "engine/doctor/doctor_scene.h"

void
doctor_add(struct doctor *d, const char *id, enum doctor_status status,
    const char *detail, const char *remedy)
{
	d->v = mem_grow(d->v, &d->cap, d->n + 1, sizeof(*d->v));
	d->v[d->n++] = (struct doctor_check){.id = id,
	    .status = status,
	    .detail = mem_string(detail),
	    .remedy = remedy != NULL ? mem_string(remedy) : NULL};
}

static void say(struct doctor_scene *s, enum doctor_status status,
    const char *remedy, const char *fmt, va_list ap) PRINTF_LIKE(4, 0);

static void
say(struct doctor_scene *s, enum doctor_status status, const char *remedy,
    const char *fmt, va_list ap)
{
	struct str detail = STR_INIT;
	str_vaddf(&detail, fmt, ap);
	doctor_add(s->out, s->id, status, detail.p, remedy);
	str_free(&detail);
}

void
doctor_pass(struct doctor_scene *s, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	say(s, DOCTOR_PASS, NULL, fmt, ap);
	va_end(ap);
}

void
doctor_warn(struct doctor_scene *s, const char *remedy, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	say(s, DOCTOR_WARN, remedy, fmt, ap);
	va_end(ap);
}

void
doctor_fail(struct doctor_scene *s, const char *remedy, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	say(s, DOCTOR_FAIL, remedy, fmt, ap);
	va_end(ap);
}

size_t
doctor_count(const struct doctor *d, enum doctor_status status)
{
	size_t n = 0;
	for (size_t i = 0; i < d->n; i++)
		n += d->v[i].status == status;
	return n;
}

void
doctor_free(struct doctor *d)
{
	for (size_t i = 0; i < d->n; i++) {
		free(d->v[i].detail);
		free(d->v[i].remedy);
	}
	free(d->v);
	*d = (struct doctor){.v = NULL};
}
