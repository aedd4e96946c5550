#include "flamigo/api/detail/openapi_document.hpp"

namespace flamigo::detail {

std::string_view openapi_document() noexcept {
  return R"json({
 "openapi": "3.1.0",
 "info": {
  "title": "Flamigo publishing API",
  "version": "1",
  "description": "What programs outside may ask of a Flamigo server."
 },
 "servers": [
  {
   "url": "/"
  }
 ],
 "security": [
  {
   "key": []
  }
 ],
 "paths": {
  "/api/v1/publish": {
   "post": {
    "operationId": "publish",
    "summary": "Publishes an event.",
    "description": "Takes a key with the scope `publish`.",
    "responses": {
     "200": {
      "description": "It was done.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Published"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Error"
     },
     "401": {
      "$ref": "#/components/responses/Error"
     },
     "403": {
      "$ref": "#/components/responses/Error"
     },
     "413": {
      "$ref": "#/components/responses/Error"
     },
     "415": {
      "$ref": "#/components/responses/Error"
     },
     "409": {
      "$ref": "#/components/responses/Error"
     },
     "429": {
      "$ref": "#/components/responses/Error"
     },
     "503": {
      "$ref": "#/components/responses/Error"
     }
    },
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/Publication"
       }
      }
     }
    }
   }
  },
  "/api/v1/publish/batch": {
   "post": {
    "operationId": "publishBatch",
    "summary": "Publishes several events, one after the other.",
    "description": "One that is refused keeps none of the others from being published. Takes a key with the scope `publish`.",
    "responses": {
     "200": {
      "description": "It was done.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/BatchPublished"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Error"
     },
     "401": {
      "$ref": "#/components/responses/Error"
     },
     "403": {
      "$ref": "#/components/responses/Error"
     },
     "413": {
      "$ref": "#/components/responses/Error"
     },
     "415": {
      "$ref": "#/components/responses/Error"
     },
     "503": {
      "$ref": "#/components/responses/Error"
     }
    },
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/Batch"
       }
      }
     }
    }
   }
  },
  "/api/v1/disconnect": {
   "post": {
    "operationId": "disconnect",
    "summary": "Ends the connections of a user, or one connection, with 3503.",
    "description": "Takes a key with the scope `disconnect`.",
    "responses": {
     "200": {
      "description": "It was done.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Nothing"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Error"
     },
     "401": {
      "$ref": "#/components/responses/Error"
     },
     "403": {
      "$ref": "#/components/responses/Error"
     },
     "413": {
      "$ref": "#/components/responses/Error"
     },
     "415": {
      "$ref": "#/components/responses/Error"
     },
     "503": {
      "$ref": "#/components/responses/Error"
     }
    },
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/Whom"
       }
      }
     }
    }
   }
  },
  "/api/v1/presence": {
   "get": {
    "operationId": "presence",
    "summary": "Says who is in a channel.",
    "description": "Takes a key with the scope `presence`.",
    "responses": {
     "200": {
      "description": "It was done.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Presence"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Error"
     },
     "401": {
      "$ref": "#/components/responses/Error"
     },
     "403": {
      "$ref": "#/components/responses/Error"
     },
     "404": {
      "$ref": "#/components/responses/Error"
     },
     "503": {
      "$ref": "#/components/responses/Error"
     }
    },
    "parameters": [
     {
      "name": "topic",
      "in": "query",
      "required": true,
      "description": "The channel.",
      "schema": {
       "type": "string"
      }
     }
    ]
   }
  },
  "/api/v1/history": {
   "get": {
    "operationId": "history",
    "summary": "Says what a channel has kept behind a position, or how far it is.",
    "description": "Takes a key with the scope `history`.",
    "responses": {
     "200": {
      "description": "It was done.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/History"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Error"
     },
     "401": {
      "$ref": "#/components/responses/Error"
     },
     "403": {
      "$ref": "#/components/responses/Error"
     },
     "404": {
      "$ref": "#/components/responses/Error"
     },
     "503": {
      "$ref": "#/components/responses/Error"
     }
    },
    "parameters": [
     {
      "name": "topic",
      "in": "query",
      "required": true,
      "description": "The channel.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "epoch",
      "in": "query",
      "required": false,
      "description": "Of the position.",
      "schema": {
       "type": "string"
      }
     },
     {
      "name": "offset",
      "in": "query",
      "required": false,
      "description": "Of the position.",
      "schema": {
       "type": "integer",
       "minimum": 0
      }
     }
    ]
   }
  },
  "/api/v1/info": {
   "get": {
    "operationId": "info",
    "summary": "Says how the server is.",
    "description": "Takes a key with the scope `info`.",
    "responses": {
     "200": {
      "description": "It was done.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Info"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Error"
     },
     "401": {
      "$ref": "#/components/responses/Error"
     },
     "403": {
      "$ref": "#/components/responses/Error"
     },
     "503": {
      "$ref": "#/components/responses/Error"
     }
    }
   }
  },
  "/api/v1/call": {
   "post": {
    "operationId": "call",
    "summary": "Calls a strategy as the program itself.",
    "description": "Other statuses are those of the strategy's own errors. Takes a key with the scope `call`.",
    "responses": {
     "200": {
      "description": "It was done.",
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Answer"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Error"
     },
     "401": {
      "$ref": "#/components/responses/Error"
     },
     "403": {
      "$ref": "#/components/responses/Error"
     },
     "413": {
      "$ref": "#/components/responses/Error"
     },
     "415": {
      "$ref": "#/components/responses/Error"
     },
     "404": {
      "$ref": "#/components/responses/Error"
     },
     "409": {
      "$ref": "#/components/responses/Error"
     },
     "429": {
      "$ref": "#/components/responses/Error"
     },
     "500": {
      "$ref": "#/components/responses/Error"
     },
     "504": {
      "$ref": "#/components/responses/Error"
     },
     "503": {
      "$ref": "#/components/responses/Error"
     }
    },
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/Call"
       }
      }
     }
    }
   }
  }
 },
 "components": {
  "securitySchemes": {
   "key": {
    "type": "http",
    "scheme": "bearer"
   }
  },
  "responses": {
   "Error": {
    "description": "Why it was not done.",
    "content": {
     "application/json": {
      "schema": {
       "$ref": "#/components/schemas/Error"
      }
     }
    }
   }
  },
  "schemas": {
   "Message": {
    "type": "object",
    "required": [
     "topic",
     "payload"
    ],
    "properties": {
     "topic": {
      "type": "string",
      "minLength": 1,
      "maxLength": 256
     },
     "payload": true
    }
   },
   "Publication": {
    "type": "object",
    "required": [
     "topic",
     "message"
    ],
    "properties": {
     "topic": {
      "type": "string",
      "minLength": 1,
      "maxLength": 1024
     },
     "message": {
      "$ref": "#/components/schemas/Message"
     },
     "idempotencyKey": {
      "type": "string",
      "minLength": 1,
      "maxLength": 128
     }
    }
   },
   "Published": {
    "type": "object",
    "required": [
     "duplicate"
    ],
    "properties": {
     "duplicate": {
      "type": "boolean",
      "description": "Whether it had been published before, with the same key, and was not again."
     }
    },
    "additionalProperties": false
   },
   "Batch": {
    "type": "object",
    "required": [
     "events"
    ],
    "properties": {
     "events": {
      "type": "array",
      "maxItems": 1000,
      "items": {
       "$ref": "#/components/schemas/Publication"
      }
     }
    }
   },
   "BatchPublished": {
    "type": "object",
    "required": [
     "results"
    ],
    "properties": {
     "results": {
      "type": "array",
      "items": {
       "oneOf": [
        {
         "$ref": "#/components/schemas/Published"
        },
        {
         "type": "object",
         "required": [
          "error"
         ],
         "properties": {
          "error": {
           "$ref": "#/components/schemas/Error"
          }
         },
         "additionalProperties": false
        }
       ]
      }
     }
    },
    "additionalProperties": false
   },
   "Whom": {
    "oneOf": [
     {
      "type": "object",
      "required": [
       "user"
      ],
      "properties": {
       "user": {
        "type": "string"
       }
      }
     },
     {
      "type": "object",
      "required": [
       "connection"
      ],
      "properties": {
       "connection": {
        "type": "string"
       }
      }
     }
    ]
   },
   "Nothing": {
    "type": "object",
    "additionalProperties": false
   },
   "Presence": {
    "type": "object",
    "required": [
     "presence"
    ],
    "properties": {
     "presence": {
      "type": "array",
      "items": {
       "type": "object",
       "required": [
        "key",
        "state"
       ],
       "properties": {
        "key": {
         "type": "string"
        },
        "state": true
       }
      }
     }
    },
    "additionalProperties": false
   },
   "History": {
    "type": "object",
    "required": [
     "epoch",
     "offset",
     "events",
     "more"
    ],
    "properties": {
     "epoch": {
      "type": "string"
     },
     "offset": {
      "type": "integer",
      "minimum": 0
     },
     "recovered": {
      "type": "boolean",
      "description": "Only where a position was given: whether all that came after it is there still."
     },
     "events": {
      "type": "array",
      "items": {
       "type": "object",
       "required": [
        "topic",
        "payload"
       ],
       "properties": {
        "topic": {
         "type": "string"
        },
        "payload": true,
        "offsets": {
         "type": "object",
         "additionalProperties": {
          "type": "integer"
         }
        }
       }
      }
     },
     "more": {
      "type": "boolean",
      "description": "Whether there are events behind these."
     }
    },
    "additionalProperties": false
   },
   "Info": {
    "type": "object",
    "required": [
     "connections",
     "connectionsEver",
     "domainsOk"
    ],
    "properties": {
     "connections": {
      "type": "integer",
      "minimum": 0
     },
     "connectionsEver": {
      "type": "integer",
      "minimum": 0
     },
     "domainsOk": {
      "type": "boolean"
     }
    },
    "additionalProperties": false
   },
   "Call": {
    "type": "object",
    "required": [
     "topic"
    ],
    "properties": {
     "topic": {
      "type": "string"
     },
     "payload": true
    }
   },
   "Answer": {
    "type": "object",
    "required": [
     "topic",
     "payload"
    ],
    "properties": {
     "topic": {
      "type": "string"
     },
     "payload": true
    },
    "additionalProperties": false
   },
   "Error": {
    "type": "object",
    "required": [
     "message"
    ],
    "properties": {
     "message": {
      "type": "string"
     },
     "status": {
      "type": "integer"
     },
     "code": {
      "type": "string"
     },
     "fieldErrors": {
      "type": "array",
      "items": {
       "type": "object",
       "required": [
        "field",
        "error"
       ],
       "properties": {
        "field": {
         "type": "string"
        },
        "error": {
         "type": "string"
        }
       }
      }
     },
     "retryAfterMs": {
      "type": "integer"
     },
     "trace": {
      "type": "string"
     }
    }
   }
  }
 }
})json";
}

} // namespace flamigo::detail
