#include "flamigo/http/detail/opened_file.hpp"

#include <array>
#include <filesystem>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace flamigo::detail {

namespace {

/// Where an open file really is: nobody can put another one in its place
/// between the question and its use.
std::string place_of(int fd, const std::string& name) {
  std::array<char, 4096> text;
  auto link = "/proc/self/fd/" + std::to_string(fd);
  auto size = ::readlink(link.c_str(), text.data(), text.size());
  if (size > 0)
    return {text.data(), static_cast<std::size_t>(size)};
  // Without /proc, as in some jails.
  std::error_code ec;
  return std::filesystem::canonical(name, ec).string();
}

bool is_below(std::string_view place, std::string_view root) {
  if (root == "/" || place == root)
    return true;
  return place.size() > root.size() && place.starts_with(root)
         && place[root.size()] == '/';
}

} // namespace

std::optional<opened_file> open_below(const std::string& root,
                                      const std::string& name) {
  auto path = root + "/" + name;
  auto fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0)
    return std::nullopt;
  opened_file result;
  result.handle.native_handle(fd);
  struct ::stat what;
  if (::fstat(fd, &what) != 0
      || !(S_ISREG(what.st_mode) || S_ISDIR(what.st_mode))
      || !is_below(place_of(fd, path), root))
    return std::nullopt;
  result.is_directory = S_ISDIR(what.st_mode);
  result.size = static_cast<std::uint64_t>(what.st_size);
  result.changed = std::int64_t{what.st_mtim.tv_sec} * 1'000'000'000
                   + what.st_mtim.tv_nsec;
  result.number = what.st_ino;
  return result;
}

} // namespace flamigo::detail
