#pragma once

#include <cstdint>
#include <mutex>

namespace viewer::stream {

/// Bytes that are held or promised, and a cap that their sum never passes. Lowering the cap below
/// the sum refuses all that is new until enough was released. Thread-safe.
class ByteBudget {
public:
    explicit ByteBudget(std::uint64_t capBytes) : capBytes_(capBytes) {}

    void setCap(std::uint64_t bytes);
    std::uint64_t capBytes() const;

    /// Takes the bytes if the sum then stays within `limitBytes` and the cap, else nothing.
    bool reserve(std::uint64_t bytes, std::uint64_t limitBytes);
    /// Makes a reservation what it turned out to be. False if that does not fit: then the
    /// reservation is released.
    bool settle(std::uint64_t reservedBytes, std::uint64_t actualBytes);
    void release(std::uint64_t bytes);

    std::uint64_t heldBytes() const;
    std::uint64_t peakBytes() const; ///< The largest heldBytes() ever.

private:
    void hold(std::uint64_t bytes);

    mutable std::mutex mutex_;
    std::uint64_t capBytes_ = 0;
    std::uint64_t heldBytes_ = 0;
    std::uint64_t peakBytes_ = 0;
};

} // namespace viewer::stream
