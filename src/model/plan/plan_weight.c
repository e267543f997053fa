#include "model/plan/plan.h"

enum plan_weight
plan_skip_weight(enum plan_skip why)
{
	switch (why) {
	case PLAN_SKIP_UNREADABLE:
	case PLAN_SKIP_CHANGED:
	case PLAN_SKIP_SINCE:
		return PLAN_PARTIAL;
	case PLAN_SKIP_INVALID_NAME:
	case PLAN_SKIP_EQUAL_MTIME:
	case PLAN_SKIP_HELD_COPY:
		return PLAN_OPEN;
	case PLAN_SKIP_PLACEHOLDER:
		return PLAN_REFUSED;
	case PLAN_SKIP_SYMLINK:
	case PLAN_SKIP_SPECIAL:
	case PLAN_SKIP_DIRECTION:
	case PLAN_SKIP_POLICY:
		break;
	}
	return PLAN_FINE;
}
