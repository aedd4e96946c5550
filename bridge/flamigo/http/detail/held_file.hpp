#pragma once

#include <array>
#include <string>

#include "flamigo/http/detail/file_directory.hpp"
#include "flamigo/http/detail/held_request.hpp"

namespace flamigo::detail {

/// A request that a file answers, a piece at a time, as its client takes them:
/// a file of any size costs no memory. For the thread of its session, which
/// reads it.
class held_file final : public held_request {
public:
  /// `called` as of a `held_request`.
  held_file(owner& waiting, io_thread& thread, std::string called,
            file_answer what);

  /// Answers, or begins to. May be done when this returns.
  void start();

  // -- held_request -----------------------------------------------------------

  void relieved() override;

private:
  static constexpr std::size_t piece = 65'536;

  void abandoned() override;

  /// Sends as much as there is room for.
  void send();

  file_answer what_;
};

} // namespace flamigo::detail
