#pragma once

namespace flamigo::detail {

/// From now on SIGPIPE does nothing, so that writing to a pipe or socket that
/// nobody reads any more is an error of the write. Leaves the signal alone if
/// the program has said what it does. Programs that this one starts find it as
/// it was.
void survive_broken_pipes() noexcept;

} // namespace flamigo::detail
