#pragma once

#include <string>

#include <rapidjson/document.h>

#include "contract/contract_document.hpp"

/// Contracts for tests of what reads them.
namespace flamigo::test {

/// One with a strategy `app::a:b` that takes and answers with these schemas.
inline std::string
contract_text(const std::string& input, const std::string& output,
              const std::string& definitions = "{}",
              const std::string& access = R"(["guest","user"])") {
  return R"({"contract":1,"program":"test","path":"/ws","authenticates":true,)"
         R"("strategies":{"app::a:b":{"input":)"
         + input + R"(,"output":)" + output
         + R"(,"stream":false,"guard":"","access":)" + access
         + R"(,"home":"inline","limits":[],"errors":[{"status":400,)"
           R"("code":"invalid_payload"}]}},"channels":{"rooms/*":{"guard":"",)"
           R"("access":["user"],"history":true,"presence":{"type":"string"},)"
           R"("events":["chat:message"]}},"events":{"chat:message":{"payload":)"
         + output
         + R"(,"channels":["rooms/*"]}},"requests":{"confirm":{"question":)"
         + output + R"(,"answer":)" + input
         + R"(}},"http":{"POST /b/{a}":{"strategy":"app::a:b","access":)"
         + access + R"(}},"$defs":)" + definitions + "}";
}

inline rapidjson::Document contract_of(const std::string& text) {
  return tool::parse_contract(text, "this");
}

} // namespace flamigo::test
