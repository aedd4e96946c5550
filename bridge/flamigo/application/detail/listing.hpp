#pragma once

namespace flamigo {

class application;

} // namespace flamigo

namespace flamigo::detail {

/// Prints what the command line asks to know of a program that is not to serve.
/// Returns the status to exit with.
int print_listing(application& of);

} // namespace flamigo::detail
