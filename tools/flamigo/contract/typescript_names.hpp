#pragma once

#include <map>
#include <string>
#include <string_view>

#include <rapidjson/document.h>

namespace flamigo::tool {

/// What the definitions of a contract are called in TypeScript: `ChatPost` for
/// `chat.post`, each by a name of its own.
class typescript_names {
public:
  /// Takes the definitions, and names that are taken already.
  explicit typescript_names(const rapidjson::Value& definitions);

  const std::string& of(std::string_view definition) const;

private:
  std::map<std::string, std::string, std::less<>> names_;
};

} // namespace flamigo::tool
