#pragma once

#include <string>
#include <vector>

#include <caf/atom.hpp>
#include <caf/error.hpp>
#include <caf/timespan.hpp>

#include "flamigo/error/errc.hpp"
#include "flamigo/error/field_error.hpp"

/// Errors are onions. They travel as `caf::error`, with the category below,
/// and have two sides: a public message, status and code for the client, and a
/// trace for developers that reads like a path, from the outermost call to the
/// cause. Whatever a function here is not told, it inherits from the inside;
/// an error that nobody gave a public side is an "internal error" with status
/// 500.
///
/// Any other `caf::error` may be used as well: the functions that read take
/// it, and `wrap` makes it the core of an onion. A request that timed out is
/// `errc::timeout` then, an actor that is gone is `errc::unavailable`, all
/// else is `errc::internal`.
namespace flamigo {

/// The category of our errors: a handler may `return errc::conflict;`, and
/// `err == errc::conflict` tells whether the outside of an error has that code.
inline constexpr caf::atom_value error_category = caf::atom("flamigo");

// -- making errors ------------------------------------------------------------

/// An error with the default message of `code`; no error for `errc::none`.
caf::error make_error(errc code);

/// An error that tells the client `public_message`.
caf::error make_error(errc code, std::string public_message);

/// As above, with a cause that only developers see. An empty `public_message`
/// stands for the default message.
caf::error make_error(errc code, std::string public_message, std::string cause);

/// An error whose cause is none of the client's business.
caf::error internal_error(std::string cause);

/// An error of the application, with its own status and code.
caf::error public_error(std::string message, int status, std::string code);

/// A payload that does not fit: all that is wrong with it.
caf::error invalid_payload(std::vector<field_error> errors);

/// Puts one segment in front of the trace and leaves the public side alone.
/// Wrapping no error gives no error.
caf::error wrap(caf::error inner, std::string where);

/// Puts one segment in front of the trace (none if `where` is empty) and a new
/// public side around the error: what the client was told before only shows in
/// the trace. An empty message or code, or a status of 0, stays as it was.
caf::error wrap(caf::error inner, std::string where, std::string public_message,
                int status, std::string code);

/// Tells the client when it may try again, in milliseconds (`retryAfterMs`),
/// which are rounded up: for errors that go away by themselves. No error stays
/// none.
caf::error retry_after(caf::error err, caf::timespan time);

// -- reading errors -----------------------------------------------------------

/// What the client may read.
std::string public_message(const caf::error& err);

/// The status the client sees, e.g. 403.
int status_of(const caf::error& err);

/// The code the client sees, e.g. `forbidden`.
std::string code_of(const caf::error& err);

/// After which time the client may try again; 0 if it was not told.
caf::timespan retry_after_of(const caf::error& err);

/// What is wrong with the payload; empty unless the code is `invalid_payload`.
std::vector<field_error> field_errors_of(const caf::error& err);

/// What a developer wants to know, on one line:
/// `call strategy(app::chat:post): saving: db: deadline exceeded`. Parts of it
/// may come from a peer: see `flamigo/log.hpp` before printing it elsewhere.
std::string trace_of(const caf::error& err);

/// The innermost error that is not one of ours, or else `err` itself: for a
/// caller that knows how to react to a certain `caf::sec`.
caf::error cause_of(const caf::error& err);

} // namespace flamigo
