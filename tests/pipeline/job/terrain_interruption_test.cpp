#include "terrain_city.h"
