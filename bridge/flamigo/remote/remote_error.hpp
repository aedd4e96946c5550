#pragma once

#include <string_view>

#include <caf/error.hpp>

/// What a `remote_server` finds out by itself. All else that a call fails with
/// is what the server has answered: its status, its code, its words. For both
/// there are `status_of`, `code_of`, `public_message` and `field_errors_of`
/// (`flamigo/error/error.hpp`). Beside the codes below it says `timeout` (504)
/// of what was sent and not answered in time, and `cancelled` (499) of what the
/// program has given up.
namespace flamigo {

/// The codes that are only the client's, as `code_of` gives them.
namespace remote_code {

/// It was sent, and its connection was lost before the answer (502).
inline constexpr std::string_view lost = "lost";

/// It could not be sent in time, or not at once where it was not to wait (503).
/// Its message ends with why there is no connection, if that is known.
inline constexpr std::string_view offline = "offline";

/// There will be no connection any more; it was not sent (503).
inline constexpr std::string_view closed = "closed";

/// Too many calls are open; it was not sent (503).
inline constexpr std::string_view queue_full = "queue_full";

/// The server has closed the connection because of it, and has not done it
/// (413).
inline constexpr std::string_view too_large = "too_large";

/// The answer is not what the call was to give (502).
inline constexpr std::string_view unfit = "unfit";

} // namespace remote_code

/// Whether the server may have done what a call asked for, although the call
/// has failed: its answer was lost, did not come in time, was not waited for,
/// or made no sense; or that was so the first time that it was sent. To call
/// again may then do it twice.
bool may_have_run(const caf::error& why);

} // namespace flamigo
