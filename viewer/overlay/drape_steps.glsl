// The surface at a pixel and beside it, as distances over its ray.
struct Steps {
    float here;
    vec2 beside; // to the right or left, and above or below, where the surface goes on: where the
    vec2 change; // distance changes less. The change to the right and upward
};

float distanceAt(ivec2 pixel) {
    ivec2 last = textureSize(u_depth, 0) - 1;
    return 1.0 / max(texelFetch(u_depth, clamp(pixel, ivec2(0), last), 0).r, 1e-7);
}

Steps stepsAt(float depth) {
    ivec2 pixel = ivec2(gl_FragCoord.xy);
    float here = 1.0 / max(depth, 1e-7);
    float right = distanceAt(pixel + ivec2(1, 0));
    float left = distanceAt(pixel - ivec2(1, 0));
    float above = distanceAt(pixel + ivec2(0, 1));
    float below = distanceAt(pixel - ivec2(0, 1));
    bool isRight = abs(right - here) < abs(left - here);
    bool isAbove = abs(above - here) < abs(below - here);
    vec2 beside = vec2(isRight ? right : left, isAbove ? above : below);
    vec2 way = vec2(isRight ? 1.0 : -1.0, isAbove ? 1.0 : -1.0);
    return Steps(here, beside, (beside - here) * way);
}
