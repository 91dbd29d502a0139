// Of tiles whose few edges came along with them.
#pragma import_defines(UPWARD, CASED)

const int kNearEdges = 6; // as in drape_tile.glsl
const int kNearSlots = 6;
uniform int u_supersampling; // scene pixels per picture pixel
uniform float u_pixelScale;  // picture pixels per pixel that widths are told in
// Where pixels are, in units of the edges: rays over the depth, from the eye; and the eye. Flat
// varyings: llvmpipe holds them as constants of a tile.
flat in vec2 v_corner;
flat in vec2 v_right;
flat in vec2 v_up;
flat in vec2 v_eye;
flat in vec2 v_middle; // of the tile's hull
flat in uvec2 v_ends[kNearEdges];
flat in uvec3 v_marks; // slots of the edges, a byte each; sides
flat in uvec4 v_looks[kNearSlots];
flat in uvec2 v_runs[kNearSlots + 1];

vec4 unpackedColour(uint bits) {
    return vec4(bits & 255u, (bits >> 8u) & 255u, (bits >> 16u) & 255u, bits >> 24u) * (1.0 / 255.0);
}

vec2 unpackedPoint(uint bits) { return vec2(int(bits << 16u) >> 16, int(bits) >> 16); }

vec4 unpackedRun(uvec2 bits) {
    return vec4(bits.x & 65535u, bits.x >> 16u, bits.y & 65535u, bits.y >> 16u) * (1.0 / 65535.0);
}

vec4 over(vec4 below, vec3 colour, float alpha) { return mix(below, vec4(colour, 1.0), alpha); }

/// The inverse of drape.glsl's footprint.
mat2 footprintToPixels(vec2 dx, vec2 dy, float least) {
    float xx = dot(dx, dx);
    float yy = dot(dy, dy);
    bool isDxLonger = xx > yy;
    vec2 longer = isDxLonger ? dx : dy;
    vec2 shorter = isDxLonger ? dy : dx;
    float square = max(xx, yy);
    bool isPoint = square < least * least;
    longer = isPoint ? vec2(least, 0.0) : longer;
    square = isPoint ? least * least : square;
    // Twice the triangle of both, and what it takes for them to span 1e-3 across the longer.
    float area = longer.x * shorter.y - longer.y * shorter.x;
    float wanted = area < 0.0 ? min(area, -1e-3 * square) : max(area, 1e-3 * square);
    shorter += vec2(-longer.y, longer.x) * ((wanted - area) / square);
    vec2 x = isDxLonger ? longer : shorter;
    vec2 y = isDxLonger ? shorter : longer;
    float scale = (isDxLonger ? 1.0 : -1.0) / wanted;
    return mat2(vec2(y.y, -x.y) * scale, vec2(-y.x, x.x) * scale);
}

struct NearSurface {
    vec2 point; // in units
    mat2 toPixels;
    float upness;
};

NearSurface nearSurface(float depth) {
    Steps steps = stepsAt(depth);
    vec2 ray = v_corner + gl_FragCoord.x * v_right + gl_FragCoord.y * v_up;
    float perPixel = float(u_supersampling) * u_pixelScale;
    NearSurface surface;
    surface.point = ray * steps.here + v_eye;
    surface.toPixels =
        footprintToPixels((ray * steps.change.x + v_right * steps.beside.x) * perPixel,
                          (ray * steps.change.y + v_up * steps.beside.y) * perPixel, 1e-2);
    surface.upness = 1.0;
#ifdef UPWARD
    vec3 ray3 = v_rayCorner + gl_FragCoord.x * v_rayRight + gl_FragCoord.y * v_rayUp;
    vec3 normal = cross(ray3 * steps.change.x + v_rayRight * steps.beside.x,
                        ray3 * steps.change.y + v_rayUp * steps.beside.y);
    surface.upness = smoothstep(0.35, 0.65, abs(normal.z) / max(length(normal), 1e-30));
#endif
    return surface;
}

void main() {
    float depth = texelFetch(u_depth, ivec2(gl_FragCoord.xy), 0).r;
    NearSurface surface = nearSurface(depth);
    float squares[kNearSlots];
    for (int s = 0; s < kNearSlots; ++s) {
        squares[s] = 1e12;
    }
    uint flips = 0u;
    vec2 way = surface.point - v_middle;
    for (int e = 0; e < kNearEdges; ++e) {
        vec2 a = unpackedPoint(v_ends[e].x) - v_middle;
        vec2 b = unpackedPoint(v_ends[e].y) - v_middle;
        vec2 along = b - a;
        uint slots = (e < 4 ? v_marks.x >> uint(8 * e) : v_marks.y >> uint(8 * (e - 4))) & 255u;
        // The way from the tile's middle crosses the edge: the other side.
        bool isBetween = (way.x * a.y <= way.y * a.x) != (way.x * b.y <= way.y * b.x);
        float middleSide = along.y * a.x - along.x * a.y;
        float side = middleSide - (along.y * way.x - along.x * way.y);
        flips ^= isBetween && (middleSide <= 0.0) != (side <= 0.0) ? slots : 0u;
        vec2 from = surface.toPixels * (a - way);
        vec2 seen = surface.toPixels * along;
        float share = clamp(-dot(from, seen) / max(dot(seen, seen), 1e-12), 0.0, 1.0);
        vec2 offset = from + seen * share;
        float square = dot(offset, offset);
        for (int s = 0; s < kNearSlots; ++s) {
            squares[s] = (slots & (1u << uint(s))) != 0u ? min(squares[s], square) : squares[s];
        }
    }
    uint inside = (v_marks.z ^ flips) & (v_marks.z >> 8u);
    vec4 colour = unpackedRun(v_runs[0]);
    float samples = float(u_supersampling) * u_pixelScale; // as in DrapePixel
    for (int s = 0; s < kNearSlots; ++s) {
        uvec4 look = v_looks[s];
        float toEdge = sqrt(squares[s]);
        float strength = 1.0;
#ifdef UPWARD
        strength = (look.w & 1u) != 0u
                       ? mix(float((look.w >> 8u) & 255u) / 255.0, 1.0, surface.upness)
                       : 1.0;
#endif
        vec4 fill = unpackedColour(look.x);
        bool isInside = (inside & (1u << uint(s))) != 0u;
        float cover = clamp(0.5 + (isInside ? toEdge : -toEdge) * samples, 0.0, 1.0);
        colour = over(colour, fill.rgb, fill.a * cover * strength);
        vec4 line = unpackedColour(look.y);
        float toSide = 0.5 + (float(look.w >> 16u) * (1.0 / 128.0) - toEdge) * samples;
#ifdef CASED
        vec4 casing = unpackedColour(look.z);
        float outer = clamp(toSide + casing.a * (255.0 / 16.0) * samples, 0.0, 1.0);
        colour = over(colour, casing.rgb, casing.a > 0.0 ? 0.55 * line.a * outer * strength : 0.0);
#endif
        colour = over(colour, line.rgb, line.a * clamp(toSide, 0.0, 1.0) * strength);
        vec4 run = unpackedRun(v_runs[s + 1]);
        colour = run + colour * (1.0 - run.a);
    }
    gl_FragColor = depth > 0.0 ? colour : vec4(0.0);
}
