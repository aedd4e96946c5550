#include "flamigo/http/detail/held_file.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "flamigo/error/error.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

held_file::held_file(owner& waiting, io_thread& thread, std::string called,
                     file_answer what)
  : held_request(waiting, thread, std::move(called)), what_(std::move(what)) {
}

void held_file::start() {
  if (!what_.has_body)
    return answer(std::move(what_.head));
  error_code ec;
  what_.from.handle.seek(what_.part.first, ec);
  if (ec)
    return answer(internal_error("seek: " + ec.message()));
  if (begin(std::move(what_.head), what_.part.size))
    send();
}

void held_file::relieved() {
  send();
}

void held_file::abandoned() {
  error_code ec;
  what_.from.handle.close(ec);
}

void held_file::send() {
  std::array<char, piece> buffer;
  auto& left = what_.part.size;
  // Nobody reads what `HEAD` does not send.
  while (left > 0 && !name.starts_with("HEAD ")) {
    if (!has_room(piece))
      return;
    error_code ec;
    auto size = what_.from.handle.read(
      buffer.data(),
      static_cast<std::size_t>(std::min<std::uint64_t>(left, piece)), ec);
    if (ec || size == 0) {
      log::error(name + ": the file ends before its end: "
                 + (ec ? ec.message() : "it was cut"));
      return break_off();
    }
    if (!put({buffer.data(), size}))
      return break_off();
    left -= size;
  }
  finish();
}

} // namespace flamigo::detail
