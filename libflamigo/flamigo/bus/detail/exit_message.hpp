#pragma once

#include <caf/make_message.hpp>
#include <caf/system_messages.hpp>

// CAF's headers make this of an inline function in every file that includes
// them, a tenth of what they cost; here it is made once.
extern template caf::message
caf::make_message<caf::exit_msg>(caf::exit_msg&& what);
