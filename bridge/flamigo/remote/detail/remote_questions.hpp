#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>

#include <caf/expected.hpp>

#include "flamigo/remote/detail/remote_frame.hpp"

namespace flamigo::detail {

/// What a question is answered with: JSON, or why there is no answer.
using remote_answer_function = std::function<void(caf::expected<std::string>)>;

/// Answers questions of one topic, now or later, on the connection's thread.
using remote_answerer
  = std::function<void(const std::string& payload, remote_answer_function)>;

/// What the server asks, and what answers.
class remote_questions {
public:
  /// How many may be open: a server of ours asks 64 at once.
  static constexpr std::size_t max_open = 1000;

  /// `send` sends a message, if there is a connection.
  explicit remote_questions(std::function<void(std::string)> send);

  /// In place of what has answered such questions before; null: nothing does.
  void on(const std::string& topic, remote_answerer answer);

  void hear(const remote_frame& frame);

  /// It is over, and is not answered any more.
  void end(const std::string& payload);

  /// All are.
  void lost();

private:
  void answer(const std::string& id, std::size_t serial,
              const caf::expected<std::string>& what);

  std::function<void(std::string)> send_;
  std::map<std::string, remote_answerer> answerers_;
  /// Those without an answer, each with a number that no other has had.
  std::map<std::string, std::size_t> open_;
  std::size_t last_ = 0;
};

} // namespace flamigo::detail
