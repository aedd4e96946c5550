#pragma once

#include <memory>

#include "scenario.hpp"

/// The JSON of a request alone: envelope, input, reply.
std::unique_ptr<scenario> make_json();

/// A frame of a client to its inline strategy, and the reply.
std::unique_ptr<scenario> make_inline_call();

/// A frame of a client to a domain actor, and the reply.
std::unique_ptr<scenario> make_hosted_call();

/// An event to 100 clients.
std::unique_ptr<scenario> make_fan_out();

/// The same in a channel with a history.
std::unique_ptr<scenario> make_fan_out_history();

/// An event of another thread to 100 clients.
std::unique_ptr<scenario> make_remote_event();

/// A frame through a socket, Beast and an actor, and the reply.
std::unique_ptr<scenario> make_socket_call();
