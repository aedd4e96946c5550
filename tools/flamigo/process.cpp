#include "process.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include <sys/wait.h>

namespace flamigo::tool {

namespace {

// As a shell takes it for one word, whatever is in it.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (auto c : text)
    if (c == '\'')
      result += "'\\''";
    else
      result += c;
  return result + "'";
}

} // namespace

process_result run_process(const std::vector<std::string>& command,
                           const std::filesystem::path& directory,
                           const std::string& input) {
  auto line = "cd " + quoted(directory.string()) + " && printf %s "
              + quoted(input) + " |";
  for (auto& word : command)
    line += ' ' + quoted(word);
  line += " 2>&1";
  auto pipe = ::popen(line.c_str(), "r");
  if (pipe == nullptr)
    throw std::system_error{errno, std::generic_category(), "popen"};
  process_result result{};
  std::array<char, 4096> buffer;
  while (auto n = std::fread(buffer.data(), 1, buffer.size(), pipe))
    result.output.append(buffer.data(), n);
  auto status = ::pclose(pipe);
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
  return result;
}

} // namespace flamigo::tool
