#pragma once

namespace flamigo::detail {

/// An actor that stands for the clients of another process: it takes a
/// `client_question` for a user, asks his connections there, and answers as one
/// of them would.
class users_elsewhere {
public:
  virtual ~users_elsewhere() = default;
};

} // namespace flamigo::detail
