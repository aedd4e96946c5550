#pragma once

namespace flamigo {

/// The result of a task that has none: `co_return flamigo::ok`.
struct ok_t {};

/// See `ok_t`.
inline constexpr ok_t ok{};

} // namespace flamigo
