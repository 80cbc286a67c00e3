use reqwest::{Client, Response, StatusCode, redirect};

use crate::Server;

async fn server() -> Server {
    Server::start(crate::Options {
        holdline_ports: vec![47810, 47811],
        ..crate::Options::default()
    })
    .await
    .unwrap()
}

async fn get(server: &Server, path: &str) -> Response {
    let client = Client::builder()
        .no_proxy()
        .redirect(redirect::Policy::none())
        .build()
        .unwrap();
    client
        .get(format!("{}{path}", server.url()))
        .send()
        .await
        .unwrap()
}

fn header(response: &Response, name: &str) -> String {
    response.headers()[name].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_console_may_reach_holdlines_ports_and_nothing_else() {
    let server = server().await;
    let response = get(&server, "/console/pat").await;
    assert_eq!(response.status(), StatusCode::OK);
    let policy = header(&response, "content-security-policy");
    assert!(policy.starts_with("default-src 'self'; "), "{policy}");
    assert!(
        policy.contains("connect-src 'self' http://localhost:47810 http://localhost:47811;"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[tokio::test]
async fn everything_the_page_loads_is_there_and_comes_from_here() {
    let server = server().await;
    let mut wanted = Vec::new();
    let page = get(&server, "/console/sam").await.text().await.unwrap();
    for reference in ["src=\"", "href=\""] {
        wanted.extend(
            page.split(reference)
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap().to_owned()),
        );
    }
    for script in super::ASSETS {
        let imports = script.text.split(" from \"./").skip(1);
        wanted.extend(imports.map(|rest| format!("/assets/{}", rest.split('"').next().unwrap())));
    }
    for path in wanted {
        assert!(path.starts_with('/'), "{path} is not our own");
        let response = get(&server, &path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn the_partner_is_the_one_that_administrators_install() {
    let server = server().await;
    let response = get(&server, "/assets/holdline_partner.js").await;
    assert_eq!(
        header(&response, "content-type"),
        "text/javascript; charset=utf-8"
    );
    let installed = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../console-package/partner/holdline_partner.js"
    );
    assert_eq!(
        response.text().await.unwrap(),
        std::fs::read_to_string(installed).unwrap()
    );
}

#[tokio::test]
async fn an_unknown_rep_gets_a_page_that_says_so() {
    let server = server().await;
    let response = get(&server, "/console/nobody%3Cscript%3E").await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(header(&response, "content-type"), "text/html; charset=utf-8");
    let page = response.text().await.unwrap();
    assert!(page.contains("has no such rep") && !page.contains("nobody"));
}

#[tokio::test]
async fn a_numeric_address_leads_to_the_orgs_own_origin() {
    let server = server().await;
    let client = Client::builder()
        .no_proxy()
        .redirect(redirect::Policy::none())
        .build()
        .unwrap();
    let address = format!("http://127.0.0.1:{}/console/pat", server.port());
    let response = client.get(address).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::TEMPORARY_REDIRECT);
    assert_eq!(
        header(&response, "location"),
        format!("{}/console/pat", server.url())
    );
}
