#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace flamigo::detail {

/// Sees to it that so many elements will not need memory, which grows as it
/// does when they are added one by one.
template <class T>
void make_room(std::vector<T>& in, std::size_t count) {
  if (in.capacity() < count)
    in.reserve(std::max(count, 2 * in.capacity()));
}

} // namespace flamigo::detail
