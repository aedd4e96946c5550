#include "flamigo/bus/detail/exit_message.hpp"

template caf::message caf::make_message<caf::exit_msg>(caf::exit_msg&& what);
