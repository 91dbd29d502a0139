// Tiles of pixels: of which part of the plane they are, and what is there. Needs drape.glsl.

/// The hull of what a tile sees of the plane, in metres.
struct DrapeHull {
    vec2 middle;     // from the eye
    vec2 corners[8]; // from the middle
    float metres;    // per pixel, at most
    float lines;     // how far from an edge something is seen
    float reach;     // from the middle to an edge of which something is seen
};

/// True if of an edge from `a`, as seen from the middle, something is seen in the hull.
bool isNearEdge(DrapeHull hull, vec2 a, vec2 along) {
    float size = max(dot(along, along), 1e-12);
    vec2 offset = a + along * clamp(-dot(a, along) / size, 0.0, 1.0);
    vec2 normal = vec2(-along.y, along.x) * inversesqrt(size);
    float low = 0.0;
    float high = 0.0;
    for (int i = 0; i < 8; ++i) {
        float side = dot(hull.corners[i], normal);
        low = min(low, side);
        high = max(high, side);
    }
    float side = dot(a, normal);
    return dot(offset, offset) < hull.reach * hull.reach && side > low - hull.lines &&
           side < high + hull.lines;
}

/// True if a ray from the origin to the west crosses the edge.
bool isCrossedToTheWest(vec2 a, vec2 along) {
    return (a.y <= 0.0) != (a.y + along.y <= 0.0) &&
           (a.x * along.y - a.y * along.x) * along.y < 0.0;
}

/// A quarter of a cell around it edges are listed: on that level all that come near.
int tileLevel(DrapeHull hull) { return drapeLevel(0.25 * hull.reach); }

/// What a tile of pixels shows if no edge is near: one colour on upward faces, and one on walls.
struct DrapeTile {
    bool isMixed; // pixels must be looked at one by one
    vec4 upward;
    vec4 wall;
};

void tileFeature(inout DrapeTile tile, uvec4 row) {
    uvec4 look = symbolTexel(row.x, 0);
    uint state = (row.x >> 24u) & 7u;
    if ((state & 1u) == 0u || (look.w & 32u) == 0u) {
        return;
    }
    // Heights, scale ranges, hatches and what fades out are for pixels.
    tile.isMixed = tile.isMixed || (look.w & 26u) != 0u;
    vec4 fill = unpackedColour(look.x);
    float wall = (look.w & 1u) != 0u ? float((look.w >> 8u) & 255u) / 255.0 : 1.0;
    tile.upward = over(tile.upward, fill.rgb, fill.a);
    tile.wall = over(tile.wall, fill.rgb, fill.a * wall);
    if ((state & 6u) != 0u) {
        bool isSelected = (state & 2u) != 0u;
        vec3 colour = isSelected ? kSelectedColour : kHoveredColour;
        tile.upward = over(tile.upward, colour, isSelected ? 0.45 : 0.25);
        tile.wall = over(tile.wall, colour, (isSelected ? 0.45 : 0.25) * wall);
    }
}

DrapeTile drapeTile(DrapeHull hull) {
    DrapeTile tile = DrapeTile(false, vec4(0.0), vec4(0.0));
    DrapeCell cell = findCell(hull.middle, tileLevel(hull));
    tile.isMixed = cell.page < 0;
    bool isLast = cell.group == 0;
    int at = cell.group;
    while (!isLast && !tile.isMixed) {
        uvec4 header = pageTexel(at);
        isLast = (header.x & 256u) != 0u;
        tile.isMixed = (header.x & 1536u) != 0u;
        int count = int(header.x & 255u);
        int edges = at + 1 + (count + 3) / 4;
        int end = edges + int(header.x >> 12u);
        float unit = uintBitsToFloat(header.z);
        vec2 p = (cell.place - 0.5) * (cell.metres / unit);
        uint inside = header.y;
        for (int e = edges; e < end && !tile.isMixed; ++e) {
            uvec4 edge = pageTexel(e);
            vec2 a = (unpackedPoint(edge.x) - p) * unit;
            vec2 along = (unpackedPoint(edge.y) - p) * unit - a;
            inside ^= isCrossedToTheWest(a, along) ? edge.z : 0u;
            tile.isMixed = isNearEdge(hull, a, along);
        }
        inside &= header.w;
        for (int i = 0; inside != 0u && !tile.isMixed; ++i, inside >>= 1u) {
            if ((inside & 1u) != 0u) {
                tileFeature(tile, pageTexel(cell.page + int(pageTexel(at + 1 + i / 4)[i % 4])));
            }
        }
        at = end;
    }
    return tile;
}

const int kNearEdges = 6;
const int kNearSlots = 6;

/// A mixed tile with few edges and plain features: all that its pixels need to know.
struct NearTile {
    bool isWhole; // else there is more than fits
    vec2 middle;  // of the cell, metres from the eye
    float unit;   // metres per unit of the ends
    uvec2 ends[kNearEdges];
    uvec2 slotsOfEdges;        // a byte for each edge
    uint sides;                // slots that have the hull's middle inside | slots of surfaces << 8
    uvec4 looks[kNearSlots];   // of the features in them, bottom to top
    vec4 runs[kNearSlots + 1]; // what lies below each, and above the last: one colour all over
};

/// True if the pixels of a tile can do with the feature's first texel.
bool isPlain(uint state, float width, uvec4 look, DrapeHull hull) {
    float casingPixels = float(look.z >> 24u) / 16.0;
    float linePixels = 2.0 * (float(look.w >> 16u) / 128.0 + casingPixels);
    return state == 1u && (look.w & 94u) == 0u &&
           width > 1.5 * hull.metres * max(1.0, 1.42 * linePixels);
}

/// `edges`: bits of those that are the feature's, a byte each, and of all of them.
void takeFeature(inout NearTile tile, inout int slots, uvec4 row, uvec3 edges, bool isInside,
                 bool isArea, DrapeHull hull) {
    uint state = (row.x >> 24u) & 7u;
    uvec4 look = symbolTexel(row.x, 0);
    if ((state & 1u) == 0u || (look.w & 32u) == 0u) {
        return;
    }
    bool isNear = edges.z != 0u;
    if (!isNear && (look.w & 27u) == 0u && state == 1u) {
        vec4 fill = unpackedColour(look.x);
        tile.runs[slots] = over(tile.runs[slots], fill.rgb, fill.a);
        return;
    }
    tile.isWhole = tile.isWhole && slots < kNearSlots &&
                   isPlain(state, uintBitsToFloat(row.w), look, hull);
    if (tile.isWhole) {
        tile.looks[slots] = look;
        tile.slotsOfEdges |= edges.xy << uint(slots);
        tile.sides |= ((isInside ? 1u : 0u) | (isArea ? 256u : 0u)) << uint(slots);
        ++slots;
    }
}

NearTile emptyTile(DrapeHull hull, DrapeCell cell) {
    NearTile tile;
    tile.isWhole = cell.page >= 0;
    tile.middle = hull.middle + (0.5 - cell.place) * cell.metres;
    tile.unit = cell.metres / 32768.0;
    tile.slotsOfEdges = uvec2(0u);
    tile.sides = 0u;
    for (int i = 0; i < kNearEdges; ++i) {
        tile.ends[i] = uvec2(0u);
    }
    for (int i = 0; i < kNearSlots; ++i) {
        tile.looks[i] = uvec4(0u);
        tile.runs[i] = vec4(0.0);
    }
    tile.runs[kNearSlots] = vec4(0.0);
    return tile;
}

/// Unless it is wanted nothing is looked up, and it is not whole.
NearTile nearTile(DrapeHull hull, bool isWanted) {
    DrapeCell cell = findCell(hull.middle, tileLevel(hull));
    NearTile tile = emptyTile(hull, cell);
    tile.isWhole = tile.isWhole && isWanted;
    vec2 p = (cell.place - 0.5) * cell.metres;
    int edges = 0;
    int slots = 0;
    bool isLast = cell.group == 0;
    int at = cell.group;
    while (!isLast && tile.isWhole) {
        uvec4 header = pageTexel(at);
        isLast = (header.x & 256u) != 0u;
        tile.isWhole = (header.x & 1536u) == 0u;
        int count = int(header.x & 255u);
        int first = at + 1 + (count + 3) / 4;
        int end = first + int(header.x >> 12u);
        uint inside = header.y;
        uint near = 0u;
        int firstEdge = edges;
        uint masks[kNearEdges];
        for (int e = first; e < end && tile.isWhole; ++e) {
            uvec4 edge = pageTexel(e);
            vec2 a = unpackedPoint(edge.x) * tile.unit - p;
            vec2 along = unpackedPoint(edge.y) * tile.unit - p - a;
            inside ^= isCrossedToTheWest(a, along) ? edge.z : 0u;
            if (isNearEdge(hull, a, along)) {
                tile.isWhole = edges < kNearEdges;
                if (tile.isWhole) {
                    near |= edge.z;
                    masks[edges] = edge.z;
                    tile.ends[edges] = edge.xy;
                    ++edges;
                }
            }
        }
        inside &= header.w;
        for (uint drawn = inside | near; drawn != 0u && tile.isWhole; drawn &= drawn - 1u) {
            int number = lowestBit(drawn);
            uint bit = 1u << uint(number);
            uvec3 own = uvec3(0u);
            for (int e = firstEdge; e < edges; ++e) {
                uint mark = (masks[e] & bit) != 0u ? 1u << uint(8 * (e & 3)) : 0u;
                own |= uvec3(e < 4 ? mark : 0u, e < 4 ? 0u : mark, mark);
            }
            int offset = int(pageTexel(at + 1 + number / 4)[number % 4]);
            takeFeature(tile, slots, pageTexel(cell.page + offset), own, (inside & bit) != 0u,
                        (header.w & bit) != 0u, hull);
        }
        at = end;
    }
    return tile;
}
