#pragma once

#include <string>

#include <caf/error.hpp>

namespace flamigo::detail {

class root_task;

/// Answers the call that a task was begun for, in its actor. Throws
/// std::bad_alloc.
void send_answer(root_task& of, std::string json);

void send_answer(root_task& of, caf::error why);

} // namespace flamigo::detail
