/*
 * absent.h - contents that would be needed and are not on this machine (a cloud
 * client left a placeholder): refused rather than downloaded behind the user's
 * back.
 */
#ifndef MODEL_PLAN_ABSENT_H
#define MODEL_PLAN_ABSENT_H

#include "model/plan/classify.h"

/*
 * absent_refuse: an item whose content will be needed, and is only a
 * placeholder here, becomes unknown (UNKNOWN_PLACEHOLDER).
 */
void absent_refuse(struct items *items);

#endif
