#pragma once

#include <cstdint>

namespace flamigo::detail {

/// Random bits for the ids of traces: of a generator of the calling thread,
/// which the system's random source has seeded. Nothing that must not be
/// guessed is to be made of them.
std::uint64_t trace_bits();

} // namespace flamigo::detail
