#pragma once

namespace flamigo::detail {

/// Of what a task can await.
struct awaitable_tag {};

} // namespace flamigo::detail
