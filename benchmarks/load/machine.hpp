#pragma once

#include <cstddef>

/// What the generator asks of the machine it runs on. The functions throw
/// `std::runtime_error`, which says what to do.
namespace flamigo::load {

/// Keeps this process on one processor.
void pin_to_cpu(int cpu);

/// Allows this process so many open files.
void allow_descriptors(std::size_t count);

} // namespace flamigo::load
