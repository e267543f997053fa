/*
 * detect.h - which applications and cloud folders a home holds.
 *
 * Applications by the places their templates name, cloud folders by where
 * their clients put them and by the names these leave in them. Only looks.
 */
#ifndef CONFIG_DETECT_H
#define CONFIG_DETECT_H

#include <stddef.h>

#include "config/home.h"

struct detected {
	const char *what; /* a template's name; a row of model/cloud/quirks */
	char *path;       /* '/' between its parts */
};

struct detected_list {
	struct detected *v;
	size_t n, cap;
};

/* detect_applications: in the order of the templates; each path once. */
void detect_applications(struct detected_list *out, const struct home *h);

/* detect_clouds: each path once. */
void detect_clouds(struct detected_list *out, const struct home *h);

void detected_free(struct detected_list *l);

/* detected_add: unless *path* is in it already; detect_*'s inner part. */
void detected_add(struct detected_list *l, const char *what, const char *path);

#endif
