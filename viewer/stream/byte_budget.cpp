#include "viewer/stream/byte_budget.h"

#include <algorithm>

namespace viewer::stream {

void ByteBudget::setCap(std::uint64_t bytes) {
    const std::scoped_lock lock(mutex_);
    capBytes_ = bytes;
}

std::uint64_t ByteBudget::capBytes() const {
    const std::scoped_lock lock(mutex_);
    return capBytes_;
}

bool ByteBudget::reserve(std::uint64_t bytes, std::uint64_t limitBytes) {
    const std::scoped_lock lock(mutex_);
    if (heldBytes_ + bytes > std::min(limitBytes, capBytes_) && bytes > 0) {
        return false;
    }
    hold(bytes);
    return true;
}

bool ByteBudget::settle(std::uint64_t reservedBytes, std::uint64_t actualBytes) {
    const std::scoped_lock lock(mutex_);
    heldBytes_ -= reservedBytes;
    // What takes no more than its reservation is let through even after the cap was lowered.
    if (actualBytes > reservedBytes && heldBytes_ + actualBytes > capBytes_) {
        return false;
    }
    hold(actualBytes);
    return true;
}

void ByteBudget::release(std::uint64_t bytes) {
    const std::scoped_lock lock(mutex_);
    heldBytes_ -= bytes;
}

std::uint64_t ByteBudget::heldBytes() const {
    const std::scoped_lock lock(mutex_);
    return heldBytes_;
}

std::uint64_t ByteBudget::peakBytes() const {
    const std::scoped_lock lock(mutex_);
    return peakBytes_;
}

void ByteBudget::hold(std::uint64_t bytes) {
    heldBytes_ += bytes;
    peakBytes_ = std::max(peakBytes_, heldBytes_);
}

} // namespace viewer::stream
